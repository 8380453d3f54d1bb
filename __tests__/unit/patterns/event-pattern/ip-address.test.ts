import { isInCidr, parseCidr, parseIpAddress } from "../../../../patterns/event-pattern/ip-address";

describe("parseIpAddress", () => {
  it.each<[string, number[] | undefined]>([
    ["10.1.2.255", [10, 1, 2, 255]],
    ["0.0.0.0", [0, 0, 0, 0]],
    ["10.1.2.256", undefined],
    ["10.1.2", undefined],
    ["10.1.2.3.4", undefined],
    ["10.1.2.-1", undefined],
    ["10.1.2.03", undefined],
    [" 10.1.2.3", undefined],
    ["::", Array(16).fill(0)],
    ["::1", [...Array(15).fill(0), 1]],
    ["2600:1F11::", [0x26, 0, 0x1f, 0x11, ...Array(12).fill(0)]],
    ["2001:db8::ff00:42:8329", [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0x42, 0x83, 0x29]],
    [
      "0011:2233:4455:6677:8899:aabb:ccdd:eeff",
      [0, 17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221, 238, 255],
    ],
    ["::ffff:a00:1", [10, 0, 0, 1]],
    ["1:2:3:4:5:6:7", undefined],
    ["1:2:3:4:5:6:7:8:9", undefined],
    ["1:2:3:4::5:6:7:8", undefined],
    ["1::2::3", undefined],
    [":::", undefined],
    [":1", undefined],
    ["1:", undefined],
    ["12345::", undefined],
    ["g::", undefined],
    ["::10.0.0.1", undefined],
    ["fe80::1%eth0", undefined],
    ["08:23", undefined],
    [":".repeat(1_000_000), undefined],
    ["cloudtrail.amazonaws.com", undefined],
    ["", undefined],
  ])("%.50s", (text, bytes) => expect(parseIpAddress(text)).toEqual(bytes));
});

describe("a CIDR block", () => {
  it.each<[string, string, boolean]>([
    ["10.0.0.0/8", "10.255.255.255", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["10.0.0.0/9", "10.127.255.255", true],
    ["10.0.0.0/9", "10.128.0.0", false],
    ["10.0.0.0/31", "10.0.0.1", true],
    ["10.0.0.0/31", "10.0.0.2", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["54.240.196.171/24", "54.240.196.0", true],
    ["10.0.0.0/8", "::ffff:a00:1", true],
    ["::/0", "2001::", true],
    ["::/0", "10.0.0.1", false],
    ["2400:6500:FF00::36FB:1F80/122", "2400:6500:ff00::36fb:1fbf", true],
    ["2400:6500:FF00::36FB:1F80/122", "2400:6500:ff00::36fb:1fc0", false],
    ["::1/127", "::", true],
  ])("%s holds %s: %p", (cidr, text, expected) => {
    const block = parseCidr(cidr);
    const address = parseIpAddress(text);
    if (typeof block === "string" || address === undefined) throw new Error("no address");
    expect(isInCidr(address, block)).toBe(expected);
  });

  it.each([
    ...["", "foo", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/8/", "10.0.0.0/8/8", "bad/filter", "snorkle/3"],
    ...[
      "10.0.0.0/x",
      "10.0.0.0/-1",
      "10.0.0.0/+8",
      "10.0.0.0/8.0",
      "10.0.0.0/ 8",
      "10.0.0.0/32",
      "10.0.0.0/33",
    ],
    ...["10.0.0/8", "10.0.0.256/8", "10.0.0.0.0/8", "2001::/128", "2001::/129", "2001:::/64", "xxxx::/64"],
    "2400:6500:3:3:3:3:3:3:3:3FF00::36FB:1F80/122",
  ])("%s is none", (text) => expect(parseCidr(text)).toEqual(expect.any(String)));
});
