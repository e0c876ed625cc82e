import sharp from 'sharp'

/** A picture that is red on its left and blue on its right. */
export function picture({
  width,
  height,
  type = 'png',
  orientation,
}: {
  width: number
  height: number
  type?: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif'
  orientation?: number
}): Promise<Buffer> {
  const half = { create: { width: Math.ceil(width / 2), height, channels: 3 as const, background: 'blue' } }
  const image = sharp({ create: { width, height, channels: 3, background: 'red' } })
    .composite([{ input: half, left: Math.floor(width / 2), top: 0 }])
    .toFormat(type)
  return (orientation === undefined ? image : image.withMetadata({ orientation })).toBuffer()
}

/** A PNG that says that it is 50,000 pixels wide and high, in less than 100 bytes. */
export async function bomb(): Promise<Buffer> {
  const bytes = await picture({ width: 2, height: 2 })
  // IHDR: width and height are the first eight bytes of its data, behind the signature, its length and its name.
  bytes.writeUInt32BE(50_000, 16)
  bytes.writeUInt32BE(50_000, 20)
  bytes.writeInt32BE(crc32(bytes.subarray(12, 29)), 29)
  return bytes
}

/** CRC-32 as PNG has it (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0)
  }
  return ~crc
}
