import { deflateSync, strToU8 } from "fflate";
import {
  ADVANCED_PARAMETER_CAPACITY,
  type DeclaredState,
  DICTIONARY,
  declaredStateText,
  PARAMETER_CAPACITY,
  placeholder,
} from "../lambda-src/guard/declared-state";

/** A reference of CDKTF within a text, which Terraform fills in. */
const REFERENCE = /\$\{TfToken\[[^\]]+\]\}/g;

/** The longest that Terraform fills in is a key's ARN, in the partition and region with the longest names. */
const LONGEST_VALUE = 96;

/**
 * The declared state as its parameter holds it. The document is compressed; what Terraform fills in stays beside it.
 * fflate compresses to the same bytes everywhere, which Node's own zlib doesn't promise.
 *
 * @returns it, and the tier of the parameter that has room for it: AWS charges for the advanced one
 * @throws if it fits into neither
 */
export function textOfDeclaredState(state: DeclaredState): { text: string; tier: "Standard" | "Advanced" } {
  const references: string[] = [];
  const document = JSON.stringify(state).replace(REFERENCE, (reference) => {
    const known = references.indexOf(reference);
    return placeholder(known === -1 ? references.push(reference) - 1 : known);
  });
  const compressed = Buffer.from(
    deflateSync(strToU8(document), { level: 9, mem: 8, dictionary: strToU8(DICTIONARY) }),
  ).toString("base64");
  const length = declaredStateText(
    compressed,
    references.map(() => "x".repeat(LONGEST_VALUE)),
  ).length;
  if (length > ADVANCED_PARAMETER_CAPACITY) {
    throw new Error(
      `what the guard is to keep takes ${length} characters, and its parameter holds ${ADVANCED_PARAMETER_CAPACITY}: leave out detections, or shorten names and patterns of your own (${state.logGroup.metricFilters.length} metric filters, ${state.alarms.length} alarms)`,
    );
  }
  const tier = length > PARAMETER_CAPACITY ? "Advanced" : "Standard";
  return { text: declaredStateText(compressed, references), tier };
}
