import { describe, expect, it } from "vitest";
import { createAddressGuard, isNetwork } from "./address-guard.ts";

const special = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.100.100.200",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.0.1",
  "169.254.0.1",
  "169.254.169.254",
  "169.254.170.2",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.0.192",
  "192.0.2.5",
  "192.88.99.1",
  "192.168.0.1",
  "192.168.255.255",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "0:0:0:0:0:ffff:0a00:0001",
  "::ffff:8.8.8.8",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b::8.8.8.8",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "3fff::1",
  "5f00::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "4000::1",
];
const open = [
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "126.255.255.255",
  "128.0.0.1",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
  "192.169.0.1",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001::1",
];

describe("address guard", () => {
  it.each(special)("refuses %s", (address) => {
    expect(createAddressGuard().permits(address)).toBe(false);
  });

  it.each(open)("permits %s", (address) => {
    expect(createAddressGuard().permits(address)).toBe(true);
  });

  it.each(["", "localhost", "127.1", "0x7f.1", "2130706433", "1.1.1.1 ", "1.1.1.1\0"])(
    "refuses %j, which is no address",
    (text) => {
      expect(createAddressGuard(["0.0.0.0/0", "::/0"]).permits(text)).toBe(false);
    },
  );

  it("permits a special network the operator names, and nothing beside it", () => {
    const guard = createAddressGuard(["10.1.0.0/16", "127.0.0.1", "fd00::/8"]);
    expect(["10.1.2.3", "127.0.0.1", "fd12::1", "::ffff:10.1.2.3"].map((address) => guard.permits(address))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["10.2.0.1", "127.0.0.2", "fc00::1", "::ffff:10.2.0.1"].map((address) => guard.permits(address))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("knows what a network looks like", () => {
    expect(["10.0.0.0/8", "::/0", "1.2.3.4", "fd00::/8"].map(isNetwork)).toEqual([true, true, true, true]);
    expect(
      ["10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/8/8", "example.org", "10.0.0.0/-1", ""].map(isNetwork),
    ).toEqual([false, false, false, false, false, false, false]);
  });
});
