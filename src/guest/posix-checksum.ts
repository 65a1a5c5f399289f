const POLYNOMIAL = 0x04c11db7;

/** The checksum that `cksum` prints of a text of single-byte characters: POSIX's CRC. */
export function posixChecksum(text: string): number {
  let crc = 0;
  for (let at = 0; at < text.length; at += 1) crc = withByte(crc, text.charCodeAt(at) & 0xff);
  for (let length = text.length; length > 0; length = Math.floor(length / 256)) crc = withByte(crc, length % 256);
  return ~crc >>> 0;
}

const TABLE: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

function withByte(crc: number, byte: number): number {
  return (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
}
