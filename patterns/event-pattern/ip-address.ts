/** The bytes of an IPv4 (4) or IPv6 (16) address. */
export type IpAddress = readonly number[];

export interface CidrBlock {
  readonly address: IpAddress;
  /** How many of the leading bits count. */
  readonly bits: number;
}

/**
 * Reads an IPv4 or IPv6 address; anything else, such as a host name, gives `undefined`. An IPv4 address that is
 * written as IPv6 (`::ffff:a00:1`) is an IPv4 address, as it is to aws/event-ruler.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): IpAddress | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split(".");
  // A leading zero means octal to some and nothing to others.
  const isOctet = (part: string) => Number(part) < 256 && String(Number(part)) === part;
  return parts.every(isOctet) ? parts.map(Number) : undefined;
}

function parseIpv6(text: string): IpAddress | undefined {
  // The longest address has 39 characters; what is longer need not be taken apart.
  if (text.length > 39) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;

  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const bytes = groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  const isMappedIpv4 =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMappedIpv4 ? bytes.slice(12) : bytes;
}

/**
 * Reads a CIDR block.
 *
 * @returns the block, or what is wrong with it
 */
export function parseCidr(text: string): CidrBlock | string {
  const [addressText = "", bitsText = "", ...rest] = text.split("/");
  if (bitsText === "" || rest.length > 0)
    return 'a CIDR block is an address, one "/" and the number of its bits';
  const address = parseIpAddress(addressText);
  if (address === undefined) return `${JSON.stringify(addressText)} is no IP address`;
  const most = address.length * 8 - 1;
  const bits = /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : Number.NaN;
  if (bits <= most) return { address, bits };
  const range = `a CIDR block of this address has 0 to ${most} bits, not ${JSON.stringify(bitsText)}`;
  return `${range}; a single address is written as a plain value`;
}

/** Whether an address lies in a block. One of IPv4 never lies in one of IPv6, nor the other way round. */
export function isInCidr(address: IpAddress, block: CidrBlock): boolean {
  if (address.length !== block.address.length) return false;
  const wholeBytes = block.bits >> 3;
  const mask = (0xff00 >> (block.bits & 7)) & 0xff;
  return block.address.every((byte, index) => {
    const other = address[index] ?? 0;
    if (index < wholeBytes) return byte === other;
    return index > wholeBytes || ((byte ^ other) & mask) === 0;
  });
}
