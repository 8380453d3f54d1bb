import { notifierSettings } from "../../../../lambda-src/notifier/settings";

const ENVIRONMENT = {
  AWS_REGION: "eu-west-1",
  TOPIC_ARN: "arn:aws:sns:eu-west-1:1:people",
  TABLE_NAME: "told",
};

describe("notifierSettings", () => {
  it("reads the environment", () => {
    expect(notifierSettings(ENVIRONMENT)).toEqual({
      region: "eu-west-1",
      topicArn: "arn:aws:sns:eu-west-1:1:people",
      tableName: "told",
    });
  });

  it.each(Object.keys(ENVIRONMENT).flatMap((name) => [[name, undefined] as const, [name, ""] as const]))(
    "names %s where it is %j",
    (name, value) => {
      expect(() => notifierSettings({ ...ENVIRONMENT, [name]: value })).toThrow(
        `environment variable ${name} is not set`,
      );
    },
  );
});
