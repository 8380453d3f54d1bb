// CDKTF keeps a stack trace of every reference, which takes more than half of a synth, and no test looks at one.
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));
