import { PARAMETERS } from "./support/deployment";
import { pauseText, Scene } from "./support/scene";

const putParameter = (name: string) => ({
  eventSource: "ssm.amazonaws.com",
  eventName: "PutParameter",
  requestParameters: { name },
});

describe("the guard's own parameters", () => {
  it("leave nothing to Terraform when somebody sets a pause", async () => {
    const scene = new Scene();
    scene.setPause(pauseText(scene.time + 3_600_000));

    await scene.hear(putParameter(PARAMETERS.pause));

    const [{ subject, body } = { subject: "", body: "" }] = scene.told();
    expect(subject).not.toContain("ACTION NEEDED");
    expect(body).not.toContain("terraform apply");
    expect(body).toContain("A pause has begun");
    expect(body).toContain("mallory");
  });

  it("are Terraform's to write again where the declared state isn't the one that it applied", async () => {
    const scene = new Scene();
    scene.beginApply();

    await scene.hear(putParameter(PARAMETERS.declaredState));

    expect(scene.told()[0]?.body).toContain("run terraform apply");
  });

  it("are missed: the guard says so when it has lost its memory", async () => {
    const scene = new Scene();
    scene.cloud.parameters.delete(PARAMETERS.memory);

    await scene.look();

    const [{ subject, body } = { subject: "", body: "" }] = scene.told();
    expect(subject).toContain("ACTION NEEDED");
    expect(body).toContain(PARAMETERS.memory);
    expect(body).toContain("run terraform apply");
    expect(scene.fake.takeWrites()).toEqual([]);
  });

  it("may be gone while Terraform destroys them", async () => {
    const scene = new Scene();
    scene.beginApply();
    scene.declare(
      [...scene.cloud.parameters].find(([name]) => name === PARAMETERS.declaredState)?.[1].text ?? "",
    );
    scene.cloud.parameters.delete(PARAMETERS.memory);

    await scene.look();

    expect(scene.told()).toEqual([]);
  });
});
