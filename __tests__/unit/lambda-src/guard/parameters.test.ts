import { readParameters } from "../../../../lambda-src/guard/parameters";
import { PARAMETERS } from "./support/deployment";
import { Scene } from "./support/scene";

describe("readParameters", () => {
  it("reads all of them in one call, with when each was written", async () => {
    const scene = new Scene();
    scene.setPause("a pause");
    const { aws } = scene.fake.process();

    const stored = await readParameters(aws, PARAMETERS);

    expect(scene.fake.calls).toHaveLength(1);
    expect(stored.pause).toEqual({ text: "a pause", modifiedAt: new Date(scene.time) });
    expect(stored.memory).toEqual({ text: "{}", modifiedAt: new Date(0) });
    expect(stored.declaredState?.text).toBe(scene.cloud.parameters.get(PARAMETERS.declaredState)?.text);
  });

  it("knows those that are gone as such", async () => {
    const scene = new Scene();
    scene.cloud.parameters.clear();
    const { aws } = scene.fake.process();

    await expect(readParameters(aws, PARAMETERS)).resolves.toEqual({});
  });
});
