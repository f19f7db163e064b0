import { BlockList, isIP } from 'node:net';
import { FilterPolicyError } from './filter-policy-error.ts';

const FAMILIES = {
  4: { family: 'ipv4', bits: 32, label: 'IPv4' },
  6: { family: 'ipv6', bits: 128, label: 'IPv6' },
} as const;

/**
 * A test for IP addresses in a CIDR block such as `10.0.0.0/24`.
 *
 * @throws FilterPolicyError
 */
export function addressRange(cidr: string): (address: string) => boolean {
  const [address = '', mask, ...rest] = cidr.split('/');
  if (mask === undefined || mask === '' || rest.length > 0) {
    throw new FilterPolicyError("Malformed CIDR, one '/' required");
  }
  if (!/^[+-]?\d+$/.test(mask)) {
    throw new FilterPolicyError('Malformed CIDR, mask bits must be an integer');
  }
  const bits = Number(mask);
  if (bits < 0) throw new FilterPolicyError('Malformed CIDR, mask bits must not be negative');
  const version = isIP(address);
  if (version !== 4 && version !== 6) {
    throw new FilterPolicyError(`Nonstandard IP address: ${address}`);
  }
  const { family, bits: width, label } = FAMILIES[version];
  if (bits >= width) throw new FilterPolicyError(`${label} mask bits must be < ${width}`);
  const block = new BlockList();
  block.addSubnet(address, bits, family);
  return (candidate) => isIP(candidate) === version && block.check(candidate, family);
}
