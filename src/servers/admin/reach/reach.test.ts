import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { last, type ReachStage, stageOfReaches } from "../../../../test/support/reach-stage.ts";
import { reachListTopic, reachTopic, watchReach } from "./watch-reach.ts";

let stage: ReachStage;
let admin: TestAdmin;
let sender: Person;
let watcher: Person;
beforeAll(async () => {
  stage = await stageOfReaches();
  admin = await startAdmin(stage.world.app);
  sender = await admin.person({ in: stage.service, permissions: ["send_messages"] });
  watcher = await admin.person({ in: stage.service, permissions: ["view_activity"] });
});
afterAll(async () => {
  await admin.close();
  await stage.close();
});

const at = (path = "") => `/services/${stage.service.id}/reach${path}`;

describe("people who are reached by several steps", () => {
  it("are none at first, and the list of messages leads there", async () => {
    expect((await watcher.get(`/services/${stage.service.id}/messages`)).text).toContain(`href="${at()}"`);
    expect((await watcher.get(at())).text).toContain("Nobody was to be reached by several steps yet.");
  });

  it("are listed by reference, and each shows its steps, their messages, and never whom it is for", async () => {
    const { id } = await stage.begun({ reference: "<hearing>", steps: [stage.text(), stage.email()], most_cost: 0.4 });
    await stage.look();
    await stage.becomes(id, "permanent-failure");
    await stage.look({}, 2);
    const list = (await watcher.get(at())).text;
    expect(list).toMatch(new RegExp(`href="${at(`/${id}`)}">&lt;hearing&gt;</a>`));
    const { text } = await watcher.get(at(`/${id}`));
    expect(text).toContain("£0.40");
    expect(text).toMatch(/1\. Text<[\s\S]*600 seconds[\s\S]*Failed[\s\S]*£0\.024[\s\S]*2\. Email<[\s\S]*Under way/);
    expect(text).toContain(`href="/services/${stage.service.id}/messages/${await stage.notificationOf(id, 2)}"`);
    expect(list + text).not.toMatch(/900123|ada@example/);
    expect(text).not.toContain("Cancel</button>");
  });

  it("are told of by each of their messages", async () => {
    const { id } = await stage.begun({ steps: [last(stage.text())] });
    await stage.look();
    const { text } = await watcher.get(`/services/${stage.service.id}/messages/${await stage.notificationOf(id)}`);
    expect(text).toContain(`href="${at(`/${id}`)}">Step 1 of several by which this person is reached</a>`);
  });

  it("can be filtered by status, and their pages notice when one comes further", async () => {
    const { id } = await stage.begun({ reference: "filtered", steps: [stage.email()] });
    const known = async (url: string) => /data-known="([^"]*)"/.exec((await watcher.get(url)).text)?.[1];
    const [listed, one] = [await known(at()), await known(at(`/${id}`))];
    expect((await watcher.get(at("?status=working"))).text).toContain(">filtered</a>");
    await stage.act(id, "confirmation");
    expect((await watcher.get(at("?status=working"))).text).not.toContain(">filtered</a>");
    const { text } = await watcher.get(at("?status=reached"));
    expect(text).toContain(">filtered</a>");
    expect(text).toMatch(/aria-current="true">Reached</);
    expect([await known(at()), await known(at(`/${id}`))]).not.toEqual([listed, one]);
    const states = [reachListTopic(stage.service.id), reachTopic(stage.service.id, id)].map((topic) =>
      watchReach(stage.world.app, topic)?.(),
    );
    expect(await Promise.all(states)).toEqual([
      { newest: expect.any(String), ended: expect.any(Number), steps: expect.any(Number) },
      { status: "reached", step: 0, steps: "-" },
    ]);
    expect(watchReach(stage.world.app, "service.x.reach-list")).toBeUndefined();
  });

  it("are left alone by who sends, which is written down", async () => {
    const { id } = await stage.begun({ steps: [stage.email()] });
    await sender.get(at(`/${id}`));
    const answer = await sender.post(at(`/${id}/cancellation`), {});
    expect([answer.status, answer.location]).toEqual([303, at(`/${id}`)]);
    expect((await sender.get(at(`/${id}`))).text).toMatch(/No more steps are taken\.[\s\S]*Cancelled/);
    const again = await stage.begun({ steps: [stage.email()] });
    await stage.act(again.id, "confirmation");
    const late = await sender.post(at(`/${again.id}/cancellation`), {});
    expect([late.status, late.text]).toEqual([400, expect.stringContaining("Reach cannot be cancelled")]);
    const deeds = await stage.world.app.db.query`
      select a.subject from audit_log a where a.action = 'reach.cancelled' and a.service_id = ${stage.service.id}`;
    expect(deeds).toEqual([{ subject: id }]);
  });
});
