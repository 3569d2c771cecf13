"""The numbered requirements we claim to meet: number, section of xAPI 1.0.3, and what it is about.

Numbers are those of the public conformance requirements; the words are ours. `WITHDRAWN` are the
numbers that their authors took back or that ask nothing of a record store. What only xAPI 2.0 asks
has no number; those begin with `2.0-` and name the section of IEEE 9274.1.1.
"""

from dataclasses import dataclass
from typing import Final

BOTH: Final = frozenset({"1.0.3", "2.0.0"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement and the versions of the standard that have it."""

    section: str
    about: str
    versions: frozenset[str] = BOTH


_NUMBERED: Final = """
1 D2.2 null stands only in extensions
2 D2.2 numbers keep their precision
3 D2.2 actor is needed
4 D2.2 verb is needed
5 D2.2 object is needed
6 D2.2 values have the right kind
7 D2.2 empty text where a format is asked
8 D2.2 keys in the right case
9 D2.2 words of a vocabulary in the right case
10 D2.2 no unknown keys
11 D2.2 IRIs have a scheme
12 D2.2 parameters are held to the same formats
13 D2.2 language tags
14 D2.2 well-formed JSON
15 C1.4 UTF-8
16 D2.3.2 a voiding statement is not voided
17 D2.3.2 what is voided is a reference
18 D2.3.2 a void statement
19 D2.3.2 a void of an agent is refused
20 D2.3.2 a void without objectType is refused
22 D2.4.7 timestamp
23 D2.4.8 stored is a timestamp
24 D2.4.9 authority is an agent or group
25 D2.4.11 attachments is a list
26 D2.4.1 an id is made where none came
27 D2.4.1 id is a UUID
28 D2.4.1 id is text
29 D2.4.6.1 registration is a UUID
30 D2.4.4.3 a reference has a UUID
31 D2.4.2 kinds of actor
32 D2.4.2 objectType is text
33 D2.4.2 name is text
34 D2.4.2.2 an anonymous group has members
35 D2.4.2.2 only groups have members
36 D2.4.2.2 members are agents
37 D2.4.2.3 one identifier
38 D2.4.2.3 mbox
39 D2.4.2.3 mbox_sha1sum
40 D2.4.2.3 openid
41 D2.4.2.4 account is an object
42 D2.4.2.4 homePage
43 D2.4.2.4 name of an account
44 D2.4.3 id of a verb
45 D2.4.3 display of a verb
46 D2.4.4 kinds of object
47 D2.4.4.1 id of an activity
48 D2.4.4.1 definition is an object
49 D2.4.4.1 interactionType
50 D2.4.4.1 choices
51 D2.4.4.1 scale
52 D2.4.4.1 source
53 D2.4.4.1 steps
54 D2.4.4.1 ids of components differ
55 D2.4.4.1 correctResponsesPattern
56 D2.4.4.1 name of an activity
57 D2.4.4.1 extensions of an activity
58 D2.4.4.1 target
59 D2.4.4.1 description of an activity
60 D2.4.4.1 type of an activity
61 D2.4.4.1 moreInfo
62 D2.4.4.1 id of a component
63 D2.4.4.1 description of a component
64 D2.4.4.1 components want an interactionType
65 D2.4.4.2 an agent as object has an objectType
66 D2.4.4.3 a substatement is checked like a statement
67 D2.4.4.3 a substatement has no authority
68 D2.4.4.3 a substatement has no version
69 D2.4.4.3 a substatement has no stored
70 D2.4.4.3 a substatement has no id
71 D2.4.4.3 no substatement in a substatement
72 D2.4.4.3 a reference has an id
73 D2.4.4.3 references and substatements have an objectType
74 D2.4.5 success
75 D2.4.5 completion
76 D2.4.5 response
77 D2.4.5 duration
78 D2.4.5 extensions of a result
79 D2.4.5.1 score is an object
80 D2.4.5.1 max
81 D2.4.5.1 min
82 D2.4.5.1 raw
83 D2.4.5.1 scaled
84 D2.4.6 revision goes with an activity
85 D2.4.6 platform goes with an activity
86 D2.4.6 contextActivities is an object
87 D2.4.6 registration and instructor
88 D2.4.6 team
89 D2.4.6 revision is text
90 D2.4.6 platform is text
91 D2.4.6 language
92 D2.4.6 statement of a context
93 D2.4.6.2 kinds of context activities
94 D2.4.6.2 context activities are activities
96 D2.4.6.2 single context activities come back as lists
97 D2.4.8 stored is accepted
98 D2.4.9 an authority that is a group
99 D2.4.9 authority is filled in
100 D2.4.9 two members of an authority
101 D2.4.10 version
102 D2.4.11 length
103 D2.4.11 sha2
104 D2.4.11 fileUrl
105 D2.4.11 contentType
106 D2.4.11 display of an attachment
107 D2.4.11 usageType
108 D2.5 more leads to the next page
109 D2.5 no more after the last page
110 D2.5 statements is a list
111 D2.5 further pages have the same form
113 D2.5 a result has statements and more
114 D2.5 what is too long for a page goes on
115 D2.6 a signature is a JWS
116 D2.6 a signature is of its statement
117 D2.6 RS256, RS384, RS512
118 D4.1 keys of extensions are IRIs
119 D4.1 extensions may hold nothing
120 D4.1 extensions is an object
121 D4.2 language maps
122 D4.5 milliseconds are kept
123 D4.5 forms of a timestamp
124 D4.6 forms of a duration
125 C1.1 HEAD answers as GET
126 C1.1 HEAD is served
127 C1.5.1 content types of statements
128 C1.5.1 a part too many
129 C1.5.1 an attachment without content or address
130 C1.5.2 the boundary stands before each part
131 C1.5.2 the boundary is named
132 C1.5.2 each part has its sum
133 C1.5.2 all statements in the first part
134 C1.5.2 the first part is JSON
135 C1.5.2 parts are binary
139 C2.1 the statement resource
140 C2.0 every resource is there
141 C2.2 documents since
142 C2.1.1 what is stored never changes
143 C2.1.1 PUT answers 204
144 C2.1.1 PUT with statementId
145 C2.1.1 PUT without statementId
146 C2.1.2 POST answers with ids
147 C2.1.2 POST is served
148 C2.1.2 POST may stand for GET
149 C2.1.3 nothing found is an empty list
150 C2.1.3 voidedStatementId goes with no filter
151 C2.1.3 statementId goes with no filter
153 C2.1.3 Consistent-Through on every answer
154 C2.1.3 a list without an id
155 C2.1.3 a void statement by its id
156 C2.1.3 a statement by its id
157 C2.1.3 voidedStatementId
158 C2.1.3 statementId
159 C2.1.3 GET is served
160 C2.1.3 Consistent-Through is a time
161 C2.1.3 no attachments unless asked
162 C2.1.4 statements about a void one are given
163 C2.1.4 void statements only by their id
164 C2.1.3 lists hold what was asked
165 C2.1.3 Content-Type of an answer
166 C2.1.3 ascending
167 C2.1.3 attachments
168 C2.1.3 format absent
169 C2.1.3 format canonical
170 C2.1.3 format exact
171 C2.1.3 format ids
172 C2.1.3 Accept-Language
173 C2.1.3 limit
174 C2.1.3 until
175 C2.1.3 since
176 C2.1.3 related_agents
177 C2.1.3 related_activities
178 C2.1.3 registration
179 C2.1.3 activity
180 C2.1.3 verb
181 C2.1.3 agent
182 C2.2 a refused request changes nothing
183 C2.2 a merge goes one level deep
184 C2.2 a merge overwrites
187 C2.3 state: DELETE
188 C2.3 state: GET
189 C2.3 state: POST
190 C2.3 state: PUT
191 C2.3 state: DELETE of one
192 C2.3 state: GET of one
193 C2.3 state: ids
194 C2.3 state: DELETE of all
195 C2.3 state: ids since
196 C2.3 state: DELETE with a broken agent
197 C2.3 state: GET with a broken agent
198 C2.3 state: POST with a broken agent
199 C2.3 state: PUT with a broken agent
200 C2.3 state: DELETE with a broken registration
201 C2.3 state: GET with a broken registration
202 C2.3 state: POST with a broken registration
203 C2.3 state: PUT with a broken registration
204 C2.3 state: GET with a broken since
206 C2.3 state: PUT without stateId
207 C2.3 state: DELETE without activityId
208 C2.3 state: GET without activityId
209 C2.3 state: POST without activityId
210 C2.3 state: PUT without activityId
211 C2.3 state: POST without stateId
212 C2.3 state: DELETE without agent
213 C2.3 state: GET without agent
214 C2.3 state: POST without agent
215 C2.3 state: PUT without agent
216 C2.3 state: DELETE with stateId
217 C2.3 state: GET with stateId
218 C2.3 state: PUT with registration
219 C2.3 state: DELETE with registration
220 C2.3 state: GET with registration
221 C2.3 state: GET with since
222 C2.3 state: only what changed since
224 C2.3 state: DELETE, any text is an id
225 C2.3 state: GET, any text is an id
226 C2.3 state: POST, any text is an id
227 C2.3 state: POST with registration
228 C2.3 state: PUT, any text is an id
229 C2.3 state: only objects merge
230 C2.3 the state resource
231 C2.3 state: POST is served
232 C2.3 state: only JSON merges
233 C2.3 state: POST of a new document
234 C2.3 state: merge
235 C2.3 state: POST of broken JSON
236 C2.4 agents: GET
237 C2.4 a Person
238 C2.4 names of a person
239 C2.4 mboxes of a person
240 C2.4 sums of a person
241 C2.4 openids of a person
242 C2.4 accounts of a person
243 C2.4 agents: agent is needed
244 C2.4 mboxes of a person are mailto IRIs
245 C2.4 the agents resource
246 C2.4 a person has lists
247 C2.4 an unknown agent is a person too
248 C2.4 agents: a person is answered
249 C2.4 agents: a broken agent
250 C2.5 activities: activityId is needed
251 C2.5 the activities resource
252 C2.5 activities: the activity is answered
253 C2.5 activities: GET
254 C2.5 an activity is put together from statements
255 C2.6 agent profile: DELETE with a broken agent
256 C2.6 agent profile: POST with a broken agent
257 C2.6 agent profile: PUT with a broken agent
258 C2.6 agent profile: GET with a broken agent
259 C2.6 agent profile: GET with profileId
260 C2.6 agent profile: GET with a broken since
261 C2.6 agent profile: GET without agent
262 C2.6 agent profile: DELETE without agent
263 C2.6 agent profile: POST without agent
264 C2.6 agent profile: PUT without agent
265 C2.6 agent profile: DELETE without profileId
266 C2.6 agent profile: POST without profileId
267 C2.6 agent profile: PUT without profileId
268 C2.6 agent profile: GET with since
269 C2.6 agent profile: GET of one
270 C2.6 agent profile: ids
271 C2.6 agent profile: DELETE
272 C2.6 agent profile: POST
273 C2.6 agent profile: PUT
274 C2.6 agent profile: GET
275 C2.6 agent profile: ids since
276 C2.6 agent profile: POST, any text is an id
277 C2.6 agent profile: PUT, any text is an id
278 C2.6 agent profile: only JSON merges
279 C2.6 agent profile: merge
280 C2.6 agent profile: POST of a new document
281 C2.6 agent profile: only objects merge
282 C2.6 the agent profile resource
283 C2.6 agent profile: POST is served
284 C2.6 agent profile: POST of broken JSON
285 C2.7 activity profile: DELETE
286 C2.7 activity profile: POST
287 C2.7 activity profile: PUT
288 C2.7 activity profile: GET of one
289 C2.7 activity profile: ids
290 C2.7 activity profile: GET
291 C2.7 activity profile: DELETE of one
292 C2.7 activity profile: POST answers 204
293 C2.7 activity profile: PUT answers 204
294 C2.7 activity profile: ids since
295 C2.7 activity profile: GET with a broken since
296 C2.7 activity profile: GET without activityId
297 C2.7 activity profile: DELETE without activityId
298 C2.7 activity profile: POST without activityId
299 C2.7 activity profile: PUT without activityId
300 C2.7 activity profile: DELETE without profileId
301 C2.7 activity profile: POST without profileId
302 C2.7 activity profile: PUT without profileId
303 C2.7 activity profile: GET with since
305 C2.7 activity profile: DELETE, any text is an id
306 C2.7 activity profile: POST, any text is an id
307 C2.7 activity profile: PUT, any text is an id
308 C2.7 activity profile: merge
309 C2.7 activity profile: only JSON merges
310 C2.7 activity profile: POST of a new document
311 C2.7 the activity profile resource
312 C2.7 activity profile: POST is served
313 C2.7 activity profile: only objects merge
314 C2.7 activity profile: POST of broken JSON
315 C2.8 the about resource
316 C2.8 versions that there are
317 C2.8 the version asked for is among them
318 C2.8 versions are a list of text
319 C2.8 about answers
321 C2.8 every other resource wants a version
322 C3.1 ETags
323 C3.2 only statuses of the standard
324 C3.2 unknown parameters
325 C3.2 parameters in another case
326 C3.2 all of a batch or none
327 C3.2 403 for who may not
328 C3.2 413 for what is too large
330 C3.3 statements are not turned into another version
331 C3.3 a version is needed
332 C3.3 a version is kept
333 C3.3 the version of an answer
334 C4.0 401 for who is not known
335 C4.0 Basic authentication
336 C1.3 the alternate request syntax
"""

_ONLY_2_0: Final = """
alternate-syntax 4.1.2 the alternate request syntax is refused
etag-get 4.1.4 an ETag in quotes
etag-put 4.1.4 PUT with a right and a wrong ETag
etag-post 4.1.4 POST with a right and a wrong ETag
etag-delete 4.1.4 DELETE with a right and a wrong ETag
bare-put 4.1.4 PUT without a precondition over a document
last-modified-statement 4.1.6 Last-Modified is when a statement was stored
last-modified-document 4.1.6 Last-Modified is when a document changed
context-agents 4.2.2.5 contextAgents
context-groups 4.2.2.5 contextGroups
relevant-types 4.2.2.5 relevantTypes are IRIs
timestamp-utc 4.2.7 timestamps in UTC
timestamp-rfc3339 4.2.7 timestamps of RFC 3339
timestamp-future 4.2.4 a timestamp may lie ahead
timestamp-stored 4.2.4 timestamp is stored where none came
duration 4.2.7 a duration finer than 0.01 s
iri-comparison 4.2.7 IRIs are compared as they are
repeated-id 4.1.6 an id twice in a batch
unknown-activity 4.1.6 an unknown activity is an activity too
void-unknown 4.2.4 a void of a statement we do not hold
extra-properties 4.2.1 no unknown keys beside extensions
multipart-plain 4.1.3 multipart without attachments
"""

WITHDRAWN: Final = frozenset({21, 95, 112, 136, 137, 138, 152, 185, 186, 205, 223, 304, 320, 329})


def _section(short: str) -> str:
    return {"D": "Data ", "C": "Communication "}[short[0]] + short[1:]


def _requirements() -> dict[str, Requirement]:
    found = {}
    for line in _NUMBERED.strip().splitlines():
        number, section, about = line.split(" ", 2)
        only = frozenset({"1.0.3"}) if number == "336" else BOTH
        found[f"XAPI-{int(number):05d}"] = Requirement(_section(section), about, only)
    for line in _ONLY_2_0.strip().splitlines():
        name, section, about = line.split(" ", 2)
        found[f"2.0-{name}"] = Requirement(f"IEEE 9274.1.1 {section}", about, frozenset({"2.0.0"}))
    return found


REQUIREMENTS: Final = _requirements()
