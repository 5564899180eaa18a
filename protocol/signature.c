/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/signature.h"

/*
 * The 16 bits of state are the last two results, the older one in the high byte. Each byte adds to them:
 * next = rotate_left (last) + older + byte, all modulo 256 (BMP5 manual, Appendix B).
 */
guint16
op_signature (const guint8 *bytes, gsize length, guint16 seed)
{
  guint8 last = seed & 0xFF;
  guint8 older = seed >> 8;

  for (gsize i = 0; i < length; i++)
    {
      guint8 addend = older + bytes[i];

      older = last;
      last = (guint8) (last << 1 | last >> 7) + addend;
    }
  return older << 8 | last;
}

/** The byte that makes the next result zero. */
static guint8
find_null (guint16 signature)
{
  guint8 zero = 0;

  return 0x100 - (op_signature (&zero, 1, signature) & 0xFF);
}

guint16
op_signature_nullifier (guint16 signature)
{
  guint8 first = find_null (signature);

  return first << 8 | find_null (op_signature (&first, 1, signature));
}
