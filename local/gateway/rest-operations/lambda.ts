import type { Call } from "../call";
import type { Operation } from "../operation";

/** Routes after the API's date, which says nothing more (AWS Lambda API Reference, "Actions"). */
const ROUTES = [
  ["GET", "functions", "ListFunctions"],
  ["POST", "functions", "CreateFunction"],
  ["GET", "functions/{FunctionName}", "GetFunction"],
  ["DELETE", "functions/{FunctionName}", "DeleteFunction"],
  ["PUT", "functions/{FunctionName}/code", "UpdateFunctionCode"],
  ["GET", "functions/{FunctionName}/configuration", "GetFunctionConfiguration"],
  ["PUT", "functions/{FunctionName}/configuration", "UpdateFunctionConfiguration"],
  ["GET", "functions/{FunctionName}/policy", "GetPolicy"],
  ["POST", "functions/{FunctionName}/policy", "AddPermission"],
  ["DELETE", "functions/{FunctionName}/policy/{StatementId}", "RemovePermission"],
  ["GET", "functions/{FunctionName}/concurrency", "GetFunctionConcurrency"],
  ["PUT", "functions/{FunctionName}/concurrency", "PutFunctionConcurrency"],
  ["DELETE", "functions/{FunctionName}/concurrency", "DeleteFunctionConcurrency"],
  ["GET", "functions/{FunctionName}/provisioned-concurrency", "GetProvisionedConcurrencyConfig"],
  ["PUT", "functions/{FunctionName}/provisioned-concurrency", "PutProvisionedConcurrencyConfig"],
  ["DELETE", "functions/{FunctionName}/provisioned-concurrency", "DeleteProvisionedConcurrencyConfig"],
  ["GET", "functions/{FunctionName}/event-invoke-config", "GetFunctionEventInvokeConfig"],
  ["PUT", "functions/{FunctionName}/event-invoke-config", "PutFunctionEventInvokeConfig"],
  ["POST", "functions/{FunctionName}/event-invoke-config", "UpdateFunctionEventInvokeConfig"],
  ["DELETE", "functions/{FunctionName}/event-invoke-config", "DeleteFunctionEventInvokeConfig"],
  ["GET", "functions/{FunctionName}/event-invoke-config/list", "ListFunctionEventInvokeConfigs"],
  ["GET", "functions/{FunctionName}/code-signing-config", "GetFunctionCodeSigningConfig"],
  ["PUT", "functions/{FunctionName}/code-signing-config", "PutFunctionCodeSigningConfig"],
  ["DELETE", "functions/{FunctionName}/code-signing-config", "DeleteFunctionCodeSigningConfig"],
  ["GET", "functions/{FunctionName}/recursion-config", "GetFunctionRecursionConfig"],
  ["PUT", "functions/{FunctionName}/recursion-config", "PutFunctionRecursionConfig"],
  ["GET", "functions/{FunctionName}/runtime-management-config", "GetRuntimeManagementConfig"],
  ["PUT", "functions/{FunctionName}/runtime-management-config", "PutRuntimeManagementConfig"],
  ["GET", "functions/{FunctionName}/url", "GetFunctionUrlConfig"],
  ["POST", "functions/{FunctionName}/url", "CreateFunctionUrlConfig"],
  ["PUT", "functions/{FunctionName}/url", "UpdateFunctionUrlConfig"],
  ["DELETE", "functions/{FunctionName}/url", "DeleteFunctionUrlConfig"],
  ["GET", "functions/{FunctionName}/versions", "ListVersionsByFunction"],
  ["POST", "functions/{FunctionName}/versions", "PublishVersion"],
  ["GET", "functions/{FunctionName}/aliases", "ListAliases"],
  ["POST", "functions/{FunctionName}/aliases", "CreateAlias"],
  ["GET", "functions/{FunctionName}/aliases/{Name}", "GetAlias"],
  ["PUT", "functions/{FunctionName}/aliases/{Name}", "UpdateAlias"],
  ["DELETE", "functions/{FunctionName}/aliases/{Name}", "DeleteAlias"],
  ["POST", "functions/{FunctionName}/invocations", "Invoke"],
  ["POST", "functions/{FunctionName}/invoke-async", "InvokeAsync"],
  ["POST", "functions/{FunctionName}/response-streaming-invocations", "InvokeWithResponseStream"],
  ["GET", "event-source-mappings", "ListEventSourceMappings"],
  ["POST", "event-source-mappings", "CreateEventSourceMapping"],
  ["GET", "event-source-mappings/{UUID}", "GetEventSourceMapping"],
  ["PUT", "event-source-mappings/{UUID}", "UpdateEventSourceMapping"],
  ["DELETE", "event-source-mappings/{UUID}", "DeleteEventSourceMapping"],
  ["GET", "layers", "ListLayers"],
  ["GET", "layers/{LayerName}/versions", "ListLayerVersions"],
  ["POST", "layers/{LayerName}/versions", "PublishLayerVersion"],
  ["GET", "layers/{LayerName}/versions/{VersionNumber}", "GetLayerVersion"],
  ["DELETE", "layers/{LayerName}/versions/{VersionNumber}", "DeleteLayerVersion"],
  ["GET", "layers/{LayerName}/versions/{VersionNumber}/policy", "GetLayerVersionPolicy"],
  ["POST", "layers/{LayerName}/versions/{VersionNumber}/policy", "AddLayerVersionPermission"],
  [
    "DELETE",
    "layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
    "RemoveLayerVersionPermission",
  ],
  ["GET", "tags/{Resource}", "ListTags"],
  ["POST", "tags/{Resource}", "TagResource"],
  ["DELETE", "tags/{Resource}", "UntagResource"],
  ["GET", "account-settings", "GetAccountSettings"],
] as const;

const PATTERNS = ROUTES.map(([method, route, operation]) => ({
  method,
  pattern: new RegExp(`^/\\d{4}-\\d\\d-\\d\\d/${route.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`),
  operation,
}));

/** What an invocation is given is the function's own affair. */
const INVOCATIONS: readonly string[] = ["Invoke", "InvokeAsync", "InvokeWithResponseStream"];

/**
 * The operation of a call of Lambda.
 *
 * @returns undefined for a route that isn't in the table or a body that isn't an object's JSON
 */
export function lambdaOperationOf({ method, path, body }: Call): Operation | undefined {
  const [pathname = "", query = ""] = path.split("?");
  for (const route of PATTERNS) {
    const match = route.method === method ? route.pattern.exec(pathname) : null;
    if (match !== null) {
      return inputOf(route.operation, match.groups ?? {}, new URLSearchParams(query), body);
    }
  }
  return undefined;
}

function inputOf(
  operation: string,
  labels: Readonly<Record<string, string>>,
  parameters: URLSearchParams,
  body: Buffer,
): Operation | undefined {
  try {
    const content: unknown =
      body.length === 0 || INVOCATIONS.includes(operation) ? {} : JSON.parse(body.toString());
    return typeof content === "object" && content !== null && !Array.isArray(content)
      ? { operation, input: { ...labelsOf(labels), ...parametersOf(parameters), ...content } }
      : undefined;
  } catch {
    // Neither the body nor a part of the path need be what they should be.
    return undefined;
  }
}

function labelsOf(labels: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      name,
      name === "VersionNumber" ? Number(value) : decodeURIComponent(value),
    ]),
  );
}

function parametersOf(parameters: URLSearchParams): Readonly<Record<string, unknown>> {
  const { tagKeys: _, ...others } = Object.fromEntries(parameters);
  return parameters.has("tagKeys") ? { ...others, TagKeys: parameters.getAll("tagKeys") } : others;
}
