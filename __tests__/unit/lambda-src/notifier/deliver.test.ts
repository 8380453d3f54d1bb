import { deliver } from "../../../../lambda-src/notifier/deliver";
import type { Place } from "../../../../lambda-src/notifier/places";
import { slackMessage } from "../../../../lambda-src/notifier/slack-message";
import { alertWith } from "../shared/alerts";
import { topicArn, WEBHOOK, WEBHOOK_URL } from "./support/deployment";
import { AwsError } from "./support/fake-aws";
import { Scene } from "./support/scene";

const ALERT = alertWith();
const [A, B] = [topicArn("a"), topicArn("b")];
const TOPIC_A: Place = { kind: "topic", topicArn: A };
const TOPIC_B: Place = { kind: "topic", topicArn: B };
const SLACK: Place = { kind: "slack", webhook: WEBHOOK };
const NEW_URL = "https://hooks.slack.com/services/T00000001/B00000002/another0ne";

describe("deliver", () => {
  it("publishes to topics and posts to webhooks", async () => {
    const { fake, posts, notifier } = new Scene();

    const delivery = await deliver(ALERT, [TOPIC_A, SLACK, TOPIC_B], notifier);

    expect(delivery).toEqual({ arrived: new Set([A, "slack oncall-1", B]), refused: [], errors: [] });
    expect(fake.publications.map(({ topicArn, alert }) => [topicArn, alert.title])).toEqual([
      [A, ALERT.title],
      [B, ALERT.title],
    ]);
    expect(posts).toEqual([{ url: WEBHOOK_URL, payload: slackMessage(ALERT) }]);
  });

  it("does nothing where there is no place", async () => {
    const { fake, notifier } = new Scene();

    await expect(deliver(ALERT, [], notifier)).resolves.toEqual({
      arrived: new Set(),
      refused: [],
      errors: [],
    });
    expect(fake.calls).toEqual([]);
  });

  it("lets no place stand in another's way", async () => {
    const scene = new Scene();
    scene.fake.faultOf = (_, input) => ("TopicArn" in input && input.TopicArn === A ? "failed" : undefined);
    scene.slack = () => ({ kind: "unavailable", reason: "answered with 500" });

    const { arrived, refused, errors } = await deliver(ALERT, [TOPIC_A, SLACK, TOPIC_B], scene.notifier);

    expect([...arrived]).toEqual([B]);
    expect(refused).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([
      "sns:Publish failed",
      "the Slack webhook oncall-1 didn't take it: answered with 500",
    ]);
  });

  it("reads the URL anew before it takes a refusal for good", async () => {
    const scene = new Scene();
    await deliver(ALERT, [SLACK], scene.notifier);
    scene.fake.secrets.set("prod/slack", NEW_URL);
    scene.slack = (url) =>
      url === NEW_URL ? { kind: "sent" } : { kind: "refused", status: 404, reason: "no_service" };

    const { arrived, refused } = await deliver(ALERT, [SLACK], scene.notifier);

    expect([...arrived]).toEqual(["slack oncall-1"]);
    expect(refused).toEqual([]);
    expect(scene.posts.map(({ url }) => url)).toEqual([WEBHOOK_URL, WEBHOOK_URL, NEW_URL]);
  });

  it("takes it for good where the URL is still the same, and doesn't try again", async () => {
    const scene = new Scene();
    scene.slack = () => ({ kind: "refused", status: 404, reason: "no_service" });

    const delivery = await deliver(ALERT, [SLACK], scene.notifier);

    expect(delivery).toEqual({
      arrived: new Set(["slack oncall-1"]),
      refused: [{ webhook: WEBHOOK, reason: "Slack answered 404: no_service" }],
      errors: [],
    });
    expect(scene.posts).toHaveLength(1);
  });

  it.each([
    ["holds no URL", "later"],
    ["isn't there", undefined],
  ])("takes it for a refusal where the secret %s", async (_, text) => {
    const { fake, notifier } = new Scene();
    fake.secrets.clear();
    if (text !== undefined) fake.secrets.set("prod/slack", text);

    const { refused, errors } = await deliver(ALERT, [SLACK], notifier);

    expect(refused).toEqual([{ webhook: WEBHOOK, reason: expect.stringContaining("the secret prod/slack") }]);
    expect(errors).toEqual([]);
  });

  it("takes it for no refusal where the secret can't be read for now", async () => {
    const { fake, notifier } = new Scene();
    fake.faultOf = () => "failed";

    const { arrived, refused, errors } = await deliver(ALERT, [SLACK], notifier);

    expect([[...arrived], refused]).toEqual([[], []]);
    expect(errors).toHaveLength(1);
  });

  it("tells nothing of the URL, whatever goes wrong", async () => {
    const { notifier } = new Scene();
    const failing = {
      ...notifier,
      post: async () => {
        throw new AwsError("Error", "socket hang up");
      },
    };

    const { errors } = await deliver(ALERT, [SLACK], failing);

    expect(errors.map(({ message }) => message)).toEqual(["socket hang up"]);
  });
});
