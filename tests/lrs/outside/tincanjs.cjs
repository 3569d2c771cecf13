// What tincanjs, a client that others wrote, sees of a record store: facts as JSON on one line.
const { randomUUID } = require("node:crypto");
const TinCan = require(process.env.CLIENT);

const ACTIVITY = `https://courses.example/${randomUUID()}`;
const VERB = "http://adlnet.gov/expapi/verbs/";
const agent = (name) => new TinCan.Agent({ account: { homePage: "https://hr.example", name } });
const activity = new TinCan.Activity({ id: ACTIVITY, definition: { name: { en: "A lesson" } } });
const statement = (name, more = {}) =>
  new TinCan.Statement({
    id: randomUUID(),
    actor: agent(name),
    verb: { id: `${VERB}completed`, display: { en: "completed" } },
    object: activity,
    ...more,
  });

// Every method takes a callback in its last argument; this one waits for it and never throws.
const ask = (store, method, given = [], config = {}) =>
  new Promise((resolve) => {
    store[method](...given, { ...config, callback: (error, result) => resolve({ error, result }) });
  });

async function statements(store, facts) {
  const registration = randomUUID();
  const first = statement("ffion", { context: { registration }, result: { score: { scaled: 0.5 } } });
  facts.sent = (await ask(store, "saveStatement", [first])).error;
  facts.read = (await ask(store, "retrieveStatement", [first.id])).result.result.score.scaled;
  for (let batch = 0; batch < 3; batch += 1) {
    const many = Array.from({ length: 90 }, (_, number) => statement(`learner-${number % 7}`));
    await ask(store, "saveStatements", [many]);
  }
  let page = (await ask(store, "queryStatements", [], { params: { activity, ascending: true } })).result;
  const seen = [];
  facts.pages = 0;
  for (;;) {
    facts.pages += 1;
    seen.push(...page.statements.map((one) => one.id));
    if (!page.more) break;
    page = (await ask(store, "moreStatements", [], { url: page.more })).result;
  }
  facts.paged = [seen.length, new Set(seen).size, seen[0] === first.id];
  const count = async (params) =>
    (await ask(store, "queryStatements", [], { params })).result.statements.length;
  const { stored } = (await ask(store, "retrieveStatement", [first.id])).result;
  facts.counts = [
    await count({ agent: agent("ffion"), activity }),
    await count({ verb: new TinCan.Verb({ id: `${VERB}completed` }), limit: 5 }),
    await count({ registration }),
    await count({ since: stored, until: stored }),
    await count({ agent: agent("nobody") }),
  ];
  const voiding = new TinCan.Statement({
    actor: agent("lead"),
    verb: { id: `${VERB}voided` },
    object: new TinCan.StatementRef({ id: first.id }),
  });
  facts.voiding = (await ask(store, "saveStatement", [voiding])).error;
  facts.gone = (await ask(store, "retrieveStatement", [first.id])).error;
  facts.voided = (await ask(store, "retrieveVoidedStatement", [first.id])).result.id === first.id;
}

async function attachments(store, facts) {
  const content = new TextEncoder().encode("An essay on working together, å.").buffer;
  const essay = statement("essayist", {
    attachments: [
      {
        usageType: "https://ext.example/essay",
        display: { en: "Essay" },
        contentType: "text/plain; charset=utf-8",
        content,
      },
    ],
  });
  facts.essay = (await ask(store, "saveStatement", [essay])).error;
  const got = await ask(store, "retrieveStatement", [essay.id], { params: { attachments: true } });
  facts.attachment = [got.result.id === essay.id, got.result.attachments[0].getContentAsString()];
}

async function documents(store, facts) {
  const whose = { agent: agent("ffion"), activity };
  facts.saved = (await ask(store, "saveState", ["bookmark", { page: 3 }], { ...whose, contentType: "application/json" })).error;
  const read = (await ask(store, "retrieveState", ["bookmark"], whose)).result;
  facts.state = [read.contents, read.etag.startsWith('"')];
  const save = async (page, lastSHA1) =>
    (await ask(store, "saveState", ["bookmark", { page }], { ...whose, contentType: "application/json", lastSHA1 })).error;
  facts.set = await save(4, read.etag.slice(1, -1));
  facts.stale = await save(5, read.etag.slice(1, -1));
  facts.states = (await ask(store, "retrieveStateIds", [], whose)).result;
  facts.dropped = (await ask(store, "dropState", ["bookmark"], whose)).error;
  facts.noState = (await ask(store, "retrieveState", ["bookmark"], whose)).result;

  for (const [kind, who] of [["Activity", { activity }], ["Agent", { agent: agent("ffion") }]]) {
    const json = { ...who, contentType: "application/json" };
    const made = (await ask(store, `save${kind}Profile`, ["settings", { theme: "dark" }], {
      ...json, requestHeaders: { "If-None-Match": "*" } })).error;
    const bare = (await ask(store, `save${kind}Profile`, ["settings", { theme: "no" }], json)).error;
    const kept = (await ask(store, `retrieve${kind}Profile`, ["settings"], who)).result;
    const changed = (await ask(store, `save${kind}Profile`, ["settings", { theme: "light" }], {
      ...json, lastSHA1: kept.etag.slice(1, -1) })).error;
    const listed = (await ask(store, `retrieve${kind}ProfileIds`, [], who)).result;
    const dropped = (await ask(store, `drop${kind}Profile`, ["settings"], who)).error;
    facts[`profileOf${kind}`] = [made, bare, kept.contents.theme, changed, listed, dropped];
  }
}

async function main() {
  const facts = {};
  const { ENDPOINT: endpoint, KEY: username, SECRET: password } = process.env;
  const store = new TinCan.LRS({ endpoint, username, password, allowFail: false });
  facts.about = (await ask(store, "about")).result.version;
  await statements(store, facts);
  await attachments(store, facts);
  await documents(store, facts);
  const known = (await ask(store, "retrieveActivity", [ACTIVITY])).result;
  facts.activity = known.definition.name;
  console.log(JSON.stringify(facts));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
