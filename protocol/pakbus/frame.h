/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * PakBus framing (BMP5 manual 1.2 to 1.4; pakbus-facts A): SerSyncByte BD, quoted body, signature nullifier, BD.
 */
#define PAK_SYNC_BYTE       0xBD
#define PAK_QUOTE_BYTE      0xBC
#define PAK_FRAME_MIN       4    /* link-state packet */
#define PAK_FRAME_MAX       1010 /* manual 1.4.4, with the nullifier; longer is refused */

/** Why a frame was not accepted. */
typedef enum
{
  PAK_FRAME_OK,
  PAK_FRAME_BAD_SIGNATURE,
  PAK_FRAME_TOO_SHORT,
  PAK_FRAME_TOO_LONG,
  PAK_FRAME_BAD_QUOTE,
} PakFrameVerdict;

/**
 * Called for each frame. @body: unquoted bytes without the nullifier when OK, everything unquoted (as far as it
 * is kept) otherwise; valid only during the call. @offset: position of its first body byte in all bytes pushed.
 * It may reset the parser, but not free it.
 */
typedef void (*PakFrameFunc) (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data);

/** PakFrameParser: a pure push-parser; "incomplete" is no error; resynchronises at the next BD. */
typedef struct _PakFrameParser PakFrameParser;
PakFrameParser *pak_frame_parser_new   (PakFrameFunc func, gpointer data);
void            pak_frame_parser_free  (PakFrameParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakFrameParser, pak_frame_parser_free)
void            pak_frame_parser_push  (PakFrameParser *parser, const guint8 *bytes, gsize length);
/** Forgets a frame begun. */
void            pak_frame_parser_reset (PakFrameParser *parser);

/** Appends BD, quoted body and nullifier, BD. @body without nullifier, at most PAK_FRAME_MAX - 2 bytes. */
void            pak_frame_append (GByteArray *out, const guint8 *body, gsize length);
/** As pak_frame_append() into fresh bytes, with @n_leading sync bytes (1 normally, 6 or more to wake up). */
GBytes         *pak_frame_new    (const guint8 *body, gsize length, guint n_leading);

const char     *pak_frame_verdict_to_string (PakFrameVerdict verdict);

G_END_DECLS
