// Runs one Lambda handler in a process of its own: argv holds the folder of its code, "module.export", and how many
// milliseconds its clock is ahead. The event comes as a message, the result or error goes back as one.
const path = require("node:path");

const [folder, handler, clockAhead = "0"] = process.argv.slice(2);
const ahead = Number(clockAhead);
const [moduleName, exportName] = handler.split(".");

if (ahead !== 0) {
  const MachineDate = Date;
  const now = () => MachineDate.now() + ahead;
  // No subclass: what Node itself makes dates of, and Date without `new`, stay as they are.
  globalThis.Date = new Proxy(MachineDate, {
    construct: (target, values, made) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, made),
    apply: () => new MachineDate(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}

process.once("message", async ({ event, context, timeoutMilliseconds }) => {
  const deadline = Date.now() + timeoutMilliseconds;
  const getRemainingTimeInMillis = () => deadline - Date.now();
  try {
    const { [exportName]: run } = require(path.join(folder, moduleName));
    process.send({ result: (await run(event, { ...context, getRemainingTimeInMillis })) ?? null });
  } catch (error) {
    process.send({ error: { name: error?.name ?? "Error", message: String(error?.message ?? error) } });
  }
  process.disconnect();
});
