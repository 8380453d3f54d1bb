/** How Terraform set the function up. */
export interface NotifierSettings {
  readonly region: string;
  /** Topic that people hear by of what goes wrong here, and of what belongs to no other topic. */
  readonly topicArn: string;
  /** Table that keeps what was told. */
  readonly tableName: string;
}

/** @throws naming the environment variable that is missing */
export function notifierSettings(
  environment: Readonly<Record<string, string | undefined>>,
): NotifierSettings {
  const text = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") {
      throw new Error(`environment variable ${name} is not set`);
    }
    return value;
  };
  return { region: text("AWS_REGION"), topicArn: text("TOPIC_ARN"), tableName: text("TABLE_NAME") };
}
