// What @xapi/xapi, a client that others wrote, sees of a record store: facts as JSON on one line.
const { createHash, randomUUID } = require("node:crypto");
const XAPI = require(process.env.CLIENT).default || require(process.env.CLIENT);

const ACTIVITY = `https://courses.example/${randomUUID()}`;
const VERB = "http://adlnet.gov/expapi/verbs/";
const agent = (name) => ({ objectType: "Agent", account: { homePage: "https://hr.example", name } });
const statement = (name, more = {}) => ({
  id: randomUUID(),
  actor: agent(name),
  verb: { id: `${VERB}completed`, display: { en: "completed" } },
  object: { objectType: "Activity", id: ACTIVITY, definition: { name: { en: "A lesson" } } },
  ...more,
});
const status = (promise) => promise.then((answer) => answer.status, (error) => error.response.status);

async function statements(store, facts) {
  const registration = randomUUID();
  const first = statement("ffion", { context: { registration }, result: { score: { scaled: 0.5 } } });
  facts.sent = (await store.sendStatement({ statement: first })).data[0] === first.id;
  facts.read = (await store.getStatement({ statementId: first.id })).data.result.score.scaled;
  for (let batch = 0; batch < 3; batch += 1) {
    const many = Array.from({ length: 90 }, (_, number) => statement(`learner-${number % 7}`));
    await store.sendStatements({ statements: many });
  }
  let page = (await store.getStatements({ activity: ACTIVITY, ascending: true })).data;
  const seen = [];
  facts.pages = 0;
  for (;;) {
    facts.pages += 1;
    seen.push(...page.statements.map((one) => one.id));
    if (!page.more) break;
    page = (await store.getMoreStatements({ more: page.more })).data;
  }
  facts.paged = [seen.length, new Set(seen).size, seen[0] === first.id];
  const count = async (filter) => (await store.getStatements(filter)).data.statements.length;
  const stored = (await store.getStatement({ statementId: first.id })).data.stored;
  facts.counts = [
    await count({ agent: agent("ffion"), activity: ACTIVITY }),
    await count({ verb: `${VERB}completed`, limit: 5 }),
    await count({ registration }),
    await count({ since: stored, until: stored }),
    await count({ agent: agent("nobody") }),
  ];
  const ids = (await store.getStatements({ registration, format: "ids" })).data.statements[0];
  facts.ids = [ids.verb, ids.object];
  await store.voidStatement({ actor: agent("lead"), statementId: first.id });
  facts.gone = await status(store.getStatement({ statementId: first.id }));
  facts.voided = (await store.getVoidedStatement({ voidedStatementId: first.id })).data.id === first.id;
}

async function attachments(store, facts) {
  const content = new TextEncoder().encode("An essay on working together, å.");
  const sha2 = createHash("sha256").update(content).digest("hex");
  const essay = statement("essayist", {
    attachments: [
      {
        usageType: "https://ext.example/essay",
        display: { en: "Essay" },
        contentType: "text/plain; charset=utf-8",
        length: content.byteLength,
        sha2,
      },
    ],
  });
  await store.sendStatement({ statement: essay, attachments: [content.buffer] });
  const got = await store.getStatement({ statementId: essay.id, attachments: true });
  facts.attachment = [got.data[0].id === essay.id, got.data[1]];
}

async function documents(store, facts) {
  const state = { agent: agent("ffion"), activityId: ACTIVITY, stateId: "bookmark" };
  await store.createState({ ...state, state: { page: 3 } });
  await store.createState({ ...state, state: { mark: 1 } });
  const read = await store.getState(state);
  facts.state = read.data;
  facts.set = await status(
    store.setState({ ...state, state: { page: 4 }, etag: read.headers.etag, matchHeader: "If-Match" }),
  );
  facts.stale = await status(
    store.setState({ ...state, state: { page: 5 }, etag: read.headers.etag, matchHeader: "If-Match" }),
  );
  facts.states = (await store.getStates({ agent: state.agent, activityId: ACTIVITY })).data;
  await store.deleteState(state);
  facts.noState = await status(store.getState(state));

  for (const [kind, whose] of [["Activity", { activityId: ACTIVITY }], ["Agent", { agent: agent("ffion") }]]) {
    const profile = { ...whose, profileId: "settings" };
    const put = (body, etag, matchHeader) =>
      status(store[`set${kind}Profile`]({ ...profile, profile: body, etag, matchHeader }));
    const made = await put({ theme: "dark" }, "*", "If-None-Match");
    const again = await put({ theme: "light" }, "*", "If-None-Match");
    const kept = await store[`get${kind}Profile`](profile);
    const changed = await put({ theme: "light" }, kept.headers.etag, "If-Match");
    const listed = (await store[`get${kind}Profiles`](whose)).data;
    const deleted = await status(store[`delete${kind}Profile`](profile));
    facts[`profileOf${kind}`] = [made, again, kept.data.theme, changed, listed, deleted];
  }
}

async function main() {
  const facts = { activityId: ACTIVITY };
  const { ENDPOINT: endpoint, KEY, SECRET, VERSION: version } = process.env;
  const auth = XAPI.toBasicAuth(KEY, SECRET);
  const store = new XAPI({ endpoint, auth, version });
  // outside a browser its other adapter sends attachments without naming their boundary
  const fetching = new XAPI({ endpoint, auth, version, adapter: "fetch" });
  const about = await store.getAbout();
  facts.about = [about.data.version, about.headers["x-experience-api-version"]];
  await statements(store, facts);
  await attachments(fetching, facts);
  await documents(store, facts);
  facts.activity = (await store.getActivity({ activityId: ACTIVITY })).data.definition;
  facts.person = (await store.getAgent({ agent: agent("ffion") })).data;
  console.log(JSON.stringify(facts));
}

main().catch((error) => {
  console.error(error.response ? [error.config.method, error.config.url, error.response.status, error.response.data] : error);
  process.exit(1);
});
