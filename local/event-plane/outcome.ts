import type { Answer } from "../gateway/call";
import { readXml, type XmlElement } from "../gateway/xml";
import type { CallOutcome } from "./record";

/** How a call ended, by what it was answered: the error's code and message in any of AWS's protocols. */
export function outcomeOf(
  { status, headers }: Pick<Answer, "status" | "headers">,
  body: string,
): CallOutcome {
  if (status < 400) {
    return {};
  }
  const error = body.trimStart().startsWith("<") ? errorOfXml(body) : errorOfJson(body);
  const named = String(headers["x-amzn-errortype"] ?? "").split(":")[0];
  return { errorCode: error.code || named || "InternalFailure", errorMessage: error.message };
}

interface Said {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** `ErrorResponse` of the Query protocol, `Response` of EC2's, `Error` of S3's: the code stands somewhere within each. */
function errorOfXml(body: string): Said {
  return errorWithin(readXml(body) ?? {}) ?? { code: undefined, message: undefined };
}

function errorWithin(element: XmlElement): Said | undefined {
  const { Code: code, Message: message } = element;
  if (typeof code === "string") {
    return { code, message: typeof message === "string" ? message : undefined };
  }
  return Object.values(element)
    .flat()
    .flatMap((child) => (typeof child === "string" ? [] : (errorWithin(child) ?? [])))
    .at(0);
}

function errorOfJson(body: string): Said {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = typeof parsed === "object" && parsed !== null ? new Map(Object.entries(parsed)) : new Map();
    const code = error.get("__type") ?? error.get("code");
    const message = error.get("message") ?? error.get("Message");
    return {
      code: typeof code === "string" ? code.slice(code.lastIndexOf("#") + 1) : undefined,
      message: typeof message === "string" ? message : undefined,
    };
  } catch {
    return { code: undefined, message: undefined };
  }
}
