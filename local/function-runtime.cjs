// Runs one Lambda handler in a process of its own: argv holds the folder of its code and "module.export". The event
// comes as a message, the result or error goes back as one.
const path = require("node:path");

const [folder, handler] = process.argv.slice(2);
const [moduleName, exportName] = handler.split(".");

process.once("message", async ({ event, context }) => {
  try {
    const { [exportName]: run } = require(path.join(folder, moduleName));
    process.send({ result: (await run(event, context)) ?? null });
  } catch (error) {
    process.send({ error: { name: error?.name ?? "Error", message: String(error?.message ?? error) } });
  }
  process.disconnect();
});
