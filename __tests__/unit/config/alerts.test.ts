import fc from "fast-check";
import {
  type ConfigError,
  defineConfig,
  deploymentNames,
  type EnvironmentConfig,
  parseConfig,
} from "../../../config";

type AlertsConfig = NonNullable<EnvironmentConfig["alerts"]>;

/** What is said of these alerts, of any shape, without the path that all have; and with other settings. */
function problems(alerts: unknown, settings: object = {}): readonly string[] {
  try {
    parseConfig({ environments: { main: { region: "eu-west-1", ...settings, alerts } } });
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((problem) =>
      problem.replace(/^environments\.main\.alerts\.?/, ""),
    );
  }
}

function parsed(alerts: AlertsConfig) {
  return parseConfig(defineConfig({ environments: { main: { region: "eu-west-1", alerts } } })).main?.alerts;
}

const QUEUE = "arn:aws:sqs:eu-west-1:123456789012:alerts";
const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:alerts";
const KEY = "k3yk3yk3yk3yk3yk3yk3yk3y";
const SECRET_URLS = [
  `https://hooks.slack.com/services/T01234567/B01234567/${KEY}`,
  `hooks.slack.com/services/${KEY}`,
  `T01234567/B01234567/${KEY}`,
  `https://events.pagerduty.com/integration/${KEY}/enqueue`,
  `https://events.eu.pagerduty.com/x-ere/${KEY}`,
  `https://api.opsgenie.com/v1/json/cloudwatch?apiKey=${KEY}`,
  `https://api.eu.opsgenie.com/v1/json/${KEY}`,
  `https://alerts.example.com/integrations/${KEY}`,
  `https://alerts.example.com?token=${KEY}`,
  `https://acme.webhook.office.com/webhookb2/${KEY}/IncomingWebhook`,
  `https://discord.com/api/webhooks/123/${KEY}`,
  `xoxb-123456789012-${KEY}`,
  `https://user:${KEY}@alerts.example.com/aws`,
  `https://${KEY}@alerts.example.com`,
];

const webhook = { name: "channel", parameter: "/alerts/slack" };
const route = { name: "oncall", emails: ["oncall@example.com"] };

describe("the settings of alerts", () => {
  it("are taken as they are", () => {
    const alerts = {
      emails: ["a@example.com"],
      topics: "shared",
      enrich: true,
      subscribers: [
        { protocol: "https", endpoint: "https://alerts.example.com:8443/aws" },
        { protocol: "https", endpointParameter: "/alerts/pagerduty-url", receives: "alarms" },
        { protocol: "sqs", endpoint: QUEUE, receives: "messages" },
        { protocol: "lambda", endpoint: `${FUNCTION}:live` },
        { protocol: "sms", endpoint: "+821012345678" },
      ],
      routes: [
        {
          name: "oncall",
          severities: ["critical", "high"],
          emails: ["oncall@example.com"],
          subscribers: [{ protocol: "sqs", endpoint: QUEUE }],
        },
        {
          name: "security",
          detections: ["iam-policy-changes", "trail-guard", "ec2-state-change"],
          slack: [
            { name: "security", secret: "alerts/slack" },
            {
              name: "audit",
              secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:alerts/audit-a1B2c3",
              keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            },
            webhook,
          ],
        },
      ],
      chatbot: [{ name: "security", slackWorkspaceId: "T07EA123LEP", slackChannelId: "C07EZ1ABC23" }],
    } satisfies AlertsConfig;

    expect(parsed(alerts)).toEqual(alerts);
  });

  it("of a route take addresses with commas, too", () => {
    expect(parsed({ routes: [{ name: "oncall", emails: "a@example.com, b@example.com" }] })?.routes).toEqual([
      { name: "oncall", emails: ["a@example.com", "b@example.com"] },
    ]);
  });
});

describe("a subscriber", () => {
  it.each<[object, string]>([
    [
      { protocol: "email", endpoint: "a@example.com" },
      '.protocol: "email" is not one of https, sqs, lambda, sms',
    ],
    [{ protocol: "https" }, ".endpoint: missing; expected endpoint or endpointParameter"],
    [{ protocol: "sms" }, ".endpoint: missing"],
    [{ protocol: "https", endpoint: 5 }, ".endpoint: 5 is not text"],
    [
      { protocol: "https", endpoint: "http://alerts.example.com" },
      '.endpoint: "http://alerts.example.com" is no https URL, such as "https://alerts.example.com/aws"',
    ],
    [
      { protocol: "https", endpoint: "https://alerts.example.com", endpointParameter: "/url" },
      ".endpointParameter: stands beside endpoint; one of them says where to",
    ],
    [{ protocol: "https", endpointParameter: "a b" }, '.endpointParameter: "a b" is no parameter\'s name'],
    [
      { protocol: "sqs", endpointParameter: "/url" },
      ".endpointParameter: is for https only; sqs takes an endpoint",
    ],
    [
      { protocol: "sqs", endpoint: `${QUEUE}.fifo` },
      `.endpoint: "${QUEUE}.fifo" is no standard queue's ARN (arn:aws:sqs:REGION:ACCOUNT:NAME)`,
    ],
    [{ protocol: "lambda", endpoint: "alerts" }, '.endpoint: "alerts" is no function\'s ARN'],
    [
      { protocol: "lambda", endpoint: FUNCTION.replace("eu-west-1", "us-east-1") },
      " is in us-east-1, and the environment in eu-west-1",
    ],
    [
      { protocol: "sms", endpoint: "010-1234-5678" },
      '.endpoint: "010-1234-5678" is no phone number in E.164 form',
    ],
    [
      { protocol: "sqs", endpoint: QUEUE, receives: "all" },
      '.receives: "all" is not one of messages, alarms',
    ],
  ])("is refused with where and why: %j", (subscriber, problem) => {
    const [first, ...others] = problems({ subscribers: [subscriber] });

    expect(others).toEqual([]);
    expect(first).toMatch(/^subscribers\[0\]\./);
    expect(first).toContain(problem);
  });

  it.each([`https://a.example.com/\${file(1)}`, "https://a.example.com/%{if}", "https://a.example.com/a b"])(
    "has no endpoint that Terraform or a reader would take for something else: %s",
    (endpoint) => {
      expect(problems({ subscribers: [{ protocol: "https", endpoint }] })).toEqual([
        expect.stringContaining("is no https URL"),
      ]);
    },
  );

  it("of a route gets no alarms, which aren't routed", () => {
    const subscriber = { protocol: "sqs", endpoint: QUEUE, receives: "alarms" };

    expect(problems({ routes: [{ name: "oncall", subscribers: [subscriber] }] })).toEqual([
      "routes[0].subscribers[0].receives: no such setting; allowed are protocol, endpoint, endpointParameter",
    ]);
  });
});

describe("a route", () => {
  it.each<[object, string]>([
    [{ ...route, name: "On call" }, '.name: "On call" is no name: up to 40 lower-case letters'],
    [
      { ...route, name: "alerts" },
      '.name: "alerts" is taken: trailwarden-alerts is the topic that all share',
    ],
    [
      { ...route, severities: ["severe"] },
      '.severities[0]: "severe" is not one of low, medium, high, critical',
    ],
    [{ ...route, severities: [] }, ".severities: [] is empty; leave it out"],
    [{ ...route, detections: [] }, ".detections: [] is empty; leave it out"],
    [{ ...route, emails: ["sec@"] }, '.emails[0]: "sec@" is no e-mail address'],
    [{ name: "oncall" }, ": leads nowhere; it needs emails, subscribers or slack"],
    [{ name: "oncall", emails: " , ", slack: [] }, ": leads nowhere; it needs emails, subscribers or slack"],
    [
      { ...route, detections: ["iam-policy-changes", "root-usage"] },
      '.detections[1]: "root-usage" is not one of security-group-changes, console-sign-in-failures, iam-policy-changes, trail-guard, ec2-state-change',
    ],
  ])("is refused with where and why: %j", (wrong, problem) => {
    const [first, ...others] = problems({ routes: [wrong] });

    expect(others).toEqual([]);
    expect(first).toContain(`routes[0]${problem}`);
  });

  it("names detections in the form that tells people", () => {
    const both = { detections: { preset: "cis-3.0", dialect: "both" } };
    const of = (id: string) => problems({ routes: [{ ...route, detections: [id] }] }, both);

    expect(of("cloudtrail-changes-tuned")).toEqual([]);
    expect(of("cloudtrail-changes")).toEqual([
      'routes[0].detections[0]: "cloudtrail-changes" is for the auditor and tells nobody; cloudtrail-changes-tuned tells people',
    ]);
  });

  it("may be of a detection of the team's own, whose topic isn't the route's", () => {
    const own = {
      id: "snapshot-shared",
      title: "Snapshot shared",
      description: "Raises alarms if a snapshot is shared",
      severity: "high",
      filterPattern: "{ $.eventName = ModifySnapshotAttribute }",
      runbook: ["Look.", "Ask.", "Act."],
      examples: { matches: [], ignores: [] },
    };
    const of = (detection: object) =>
      problems(
        { routes: [{ ...route, detections: ["snapshot-shared"] }] },
        { detections: { own: [detection] } },
      );

    expect(of(own)).toEqual([]);
    expect(of({ ...own, topicName: "trailwarden-oncall" })).toEqual([
      'routes[0].name: "oncall" is taken: trailwarden-oncall is the topic of snapshot-shared',
    ]);
    expect(of({ ...own, id: "trail-guard" })).toEqual([
      'environments.main.detections.own[0].id: "trail-guard" is taken: trail-guard and ec2-state-change are the ids of alerts that are no detection\'s',
    ]);
  });

  it("has a name of its own, as have its webhooks and the channels of the chatbot", () => {
    const channel = { name: "security", slackWorkspaceId: "T1", slackChannelId: "C1" };

    expect(
      problems({
        routes: [
          { ...route, slack: [webhook] },
          { ...route, slack: [webhook] },
        ],
        chatbot: [channel, channel],
      }),
    ).toEqual([
      'routes[1].name: "oncall" is already that of another',
      'routes[1].slack[0].name: "channel" is already that of another',
      'chatbot[1].name: "security" is already that of another',
      'chatbot[1].slackChannelId: "C1" is already that of another',
    ]);
  });
});

describe("a webhook of Slack", () => {
  it.each<[object, string]>([
    [{ name: "channel" }, "secret: missing; expected secret or parameter, which holds the URL"],
    [{ ...webhook, secret: "s" }, "parameter: stands beside secret; one of them holds the URL"],
    [{ name: "channel", secret: "a b" }, 'secret: "a b" is neither a secret\'s name nor its ARN'],
    [{ name: "channel", parameter: "/a//b" }, 'parameter: "/a//b" is no parameter\'s name'],
    [{ ...webhook, keyArn: "alias/k" }, 'keyArn: "alias/k" is no KMS key\'s ARN'],
    [
      { name: "channel", secret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-a1B2c3" },
      'secret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-a1B2c3" is in us-east-1, and the environment in eu-west-1',
    ],
  ])("is refused with where and why: %j", (slack, problem) => {
    const [first, ...others] = problems({ routes: [{ name: "oncall", slack: [slack] }] });

    expect(others).toEqual([]);
    expect(first).toContain(`routes[0].slack[0].${problem}`);
  });
});

describe("a channel of the chatbot", () => {
  it.each<[object, string]>([
    [
      { slackWorkspaceId: "acme" },
      'slackWorkspaceId: "acme" is no Slack workspace\'s id, such as "T0123456789"',
    ],
    [
      { slackChannelId: "#alerts" },
      'slackChannelId: "#alerts" is no Slack channel\'s id, such as "C0123456789"',
    ],
    [{ name: "a".repeat(31) }, "is longer than 30 characters"],
  ])("is refused with where and why: %j", (wrong, problem) => {
    const channel = { name: "security", slackWorkspaceId: "T1", slackChannelId: "C1", ...wrong };

    expect(problems({ chatbot: [channel] })).toEqual([expect.stringContaining(problem)]);
  });

  it.each(["cn-north-1", "us-gov-west-1"])("is not to be had in %s", (region) => {
    const chatbot = [{ name: "security", slackWorkspaceId: "T1", slackChannelId: "C1" }];

    expect(problems({ chatbot }, { region })).toEqual([
      `chatbot: there is no Amazon Q Developer in chat applications for ${region}; a route's slack does without it`,
    ]);
    expect(problems({ chatbot: [] }, { region })).toEqual([]);
  });
});

describe("what could never be told", () => {
  it.each([
    ["trail-guard", { guard: { mode: "off" } }],
    ["ec2-state-change", { ec2States: [] }],
  ])("is refused in a route: %s of nothing", (id, settings) => {
    expect(problems({ routes: [{ ...route, detections: [id] }] }, settings)).toEqual([
      expect.stringContaining(`routes[0].detections[0]: "${id}" is not one of `),
    ]);
    expect(problems({ routes: [{ ...route, detections: [id] }] })).toEqual([]);
  });

  it("is refused of alarms by text message", () => {
    const phone = { protocol: "sms", endpoint: "+821012345678", receives: "alarms" };

    expect(problems({ subscribers: [phone] })).toEqual([
      'subscribers[0].receives: "alarms" is JSON, which no phone shows',
    ]);
  });
});

it("a URL that stands where a setting's name should is not printed", () => {
  const [url = ""] = SECRET_URLS;

  const [problem = ""] = problems({ routes: [{ ...route, [url]: 1 }] });

  expect(problem).toContain("no such setting");
  expect(problem).not.toContain(KEY);
});

describe("enrich: false", () => {
  it("leaves out the notifier, and what needs it is refused", () => {
    const subscribers = [
      { protocol: "sqs", endpoint: QUEUE, receives: "messages" },
      { protocol: "sqs", endpoint: QUEUE, receives: "alarms" },
    ];

    expect(problems({ enrich: false, routes: [route], subscribers })).toEqual([
      "routes: need the notifier: take away enrich: false, or the routes",
      'subscribers[1].receives: "alarms" is for the notifier to tell from messages; with enrich: false everyone gets the alarms',
    ]);
    expect(
      problems({ enrich: false, routes: [], subscribers: [{ protocol: "sqs", endpoint: QUEUE }] }),
    ).toEqual([]);
  });

  it("leaves the notifier out of the names that detections watch", () => {
    const names = (alerts: { enrich?: boolean }) => {
      const { functionNames, roleNames } = deploymentNames({
        region: "us-east-1",
        namePrefix: "blue-",
        alerts,
      });
      return { functionNames, roleNames };
    };

    expect(names({})).toEqual({
      functionNames: ["blue-enable_trail", "blue-alarm_notifier"],
      roleNames: ["blue-trailwarden-log-delivery", "blue-enable_trail", "blue-alarm_notifier"],
    });
    expect(names({ enrich: false })).toEqual({
      functionNames: ["blue-enable_trail"],
      roleNames: ["blue-trailwarden-log-delivery", "blue-enable_trail"],
    });
  });
});

describe("a secret in the configuration", () => {
  it.each(SECRET_URLS)("is refused as an endpoint, and not printed: %s", (endpoint) => {
    const refusal =
      "a secret has no place in the configuration; put the URL into an SSM parameter and name it with endpointParameter";

    expect(
      problems({
        subscribers: [{ protocol: "https", endpoint }],
        routes: [{ name: "oncall", subscribers: [{ protocol: "https", endpoint }] }],
      }),
    ).toEqual([`subscribers[0].endpoint: ${refusal}`, `routes[0].subscribers[0].endpoint: ${refusal}`]);
  });

  it.each(SECRET_URLS)("is refused where the name of one is wanted, and not printed: %s", (url) => {
    const refusal =
      "a secret has no place in the configuration; put the URL into Secrets Manager or an SSM parameter and give its name";
    const slack = [
      { name: "one", secret: url },
      { name: "two", parameter: url },
    ];

    expect(
      problems({
        subscribers: [{ protocol: "https", endpointParameter: url }],
        routes: [{ name: "oncall", slack }],
      }),
    ).toEqual([
      `subscribers[0].endpointParameter: ${refusal}`,
      `routes[0].slack[0].secret: ${refusal}`,
      `routes[0].slack[1].parameter: ${refusal}`,
    ]);
  });

  it("is not printed wherever it stands, and the host is", () => {
    expect(problems(SECRET_URLS[0])).toEqual([
      ': "https://hooks.slack.com/***" is not an object of settings',
    ]);

    const settingNames = [
      ...[
        "emails",
        "topics",
        "enrich",
        "subscribers",
        "routes",
        "chatbot",
        "name",
        "severities",
        "detections",
      ],
      ...["slack", "secret", "parameter", "keyArn", "protocol", "endpoint", "endpointParameter", "receives"],
    ];
    const anything = fc.object({
      key: fc.constantFrom(...settingNames),
      values: [fc.constantFrom(...SECRET_URLS), fc.constantFrom("https", "sqs", "a", "", false)],
      maxDepth: 5,
    });
    const inPlace = fc.record(
      {
        subscribers: fc.oneof(fc.array(anything, { maxLength: 3 }), anything),
        routes: fc.array(fc.record({ name: anything, slack: fc.array(anything, { maxLength: 2 }) }), {
          maxLength: 3,
        }),
        enrich: fc.constantFrom(false, ...SECRET_URLS),
        emails: fc.oneof(fc.constantFrom(...SECRET_URLS), anything),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anything, inPlace), (alerts) => {
        expect(problems(alerts).join("\n")).not.toContain(KEY);
      }),
      { numRuns: 300 },
    );
  });
});
