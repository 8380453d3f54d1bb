import { deflateSync, strToU8 } from "fflate";
import {
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
 * @throws if it doesn't fit into the parameter
 */
export function textOfDeclaredState(state: DeclaredState): string {
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
  if (length > PARAMETER_CAPACITY) {
    throw new Error(
      `what the guard is to keep takes ${length} characters, and its parameter holds ${PARAMETER_CAPACITY}: leave out detections, or shorten names and patterns of your own (${state.logGroup.metricFilters.length} metric filters, ${state.alarms.length} alarms)`,
    );
  }
  return declaredStateText(compressed, references);
}
