import type { Deployment } from "../../../../../lambda-src/notifier/deployment";
import { handleEvent, type Notifier, type Outcome } from "../../../../../lambda-src/notifier/notifier";
import type { SlackOutcome } from "../../../../../lambda-src/notifier/slack";
import { WebhookUrls } from "../../../../../lambda-src/notifier/webhook-url";
import { DEPLOYMENT, SETTINGS, WEBHOOK_URL } from "./deployment";
import { START } from "./events";
import { FakeAws } from "./fake-aws";
import { FakeTime } from "./fake-time";

const SILENT = { info() {}, warn() {} };

/** Seconds from an invocation's begin to its deadline. */
const DEADLINE_SECONDS = 80;

/** A notifier, the AWS around it, and a clock. */
export class Scene {
  /** The alarm comes a while after its period. */
  readonly time = new FakeTime(START + 320_000);
  readonly fake: FakeAws;
  /** What webhooks were sent, whatever they answered. */
  readonly posts: { readonly url: string; readonly payload: unknown }[] = [];
  slack: (url: string) => SlackOutcome = () => ({ kind: "sent" });
  private readonly webhookUrls: WebhookUrls;

  constructor(private readonly deployment: Deployment = DEPLOYMENT) {
    this.fake = new FakeAws(this.time, deployment.logGroupName, SETTINGS.tableName);
    this.fake.secrets.set("prod/slack", WEBHOOK_URL);
    this.webhookUrls = new WebhookUrls(this.fake.aws, this.time.now);
  }

  get notifier(): Notifier {
    return {
      settings: SETTINGS,
      deployment: this.deployment,
      aws: this.fake.aws,
      webhookUrls: this.webhookUrls,
      post: async (url, payload) => {
        this.posts.push({ url, payload });
        return this.slack(url);
      },
      log: SILENT,
      now: this.time.now,
      sleep: this.time.sleep,
    };
  }

  /** Names of the topics that were published to since the last time this was asked, in order. */
  takeTopics(): string[] {
    return this.fake.publications
      .splice(0)
      .map(({ topicArn }) => topicArn.slice(topicArn.lastIndexOf(":") + 1));
  }

  /** One try of an invocation. */
  handle(event: unknown, id = "i1"): Promise<Outcome> {
    return this.time.run(this.begin(event, id));
  }

  /** As above, beside others. */
  begin(event: unknown, id: string): Promise<Outcome> {
    const deadline = new Date(this.time.time + DEADLINE_SECONDS * 1000);
    return handleEvent(event, this.notifier, { id, deadline });
  }
}
