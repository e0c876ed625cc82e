/** One grey key frame of 320 × 240 in H.264 Baseline, Annex B, its parameter sets in front: what x264 made of a flat picture. */
export const H264_PICTURE: Uint8Array = Buffer.from(
  [
    'AAAAAWdCwAvaBQfoQAAAAwBAAAAFI8UKqAAAAAFozg/IAAAAAWWIhDomKAAJAsnJycnJycnJycnJycnJycnJycnXXXXXXXXXXXXX',
    'XXXXXXXXXXXXXXXXXXXXXXXXXXXWA4ACM90s+++++++++++++++++++sXfffffffffffffffffffXXXXXXXXXXXXXXXXXXXXXXXX',
    'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
    'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXgA==',
  ].join(''),
  'base64',
)

/** 20 ms of silence in Opus: a CELT frame without energy (RFC 6716). */
export const OPUS_SILENCE: Uint8Array = Uint8Array.from([0xf8, 0xff, 0xfe])
