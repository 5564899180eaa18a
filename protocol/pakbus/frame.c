/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/frame.h"

#include "protocol/signature.h"

#include <string.h>

/* A quoted byte is sent as BC and itself + 20 (manual 1.4.1). */
#define QUOTE_SHIFT    0x20
#define SIGNATURE_SIZE 2

typedef enum
{
  STATE_WAITING,  /* for the first sync byte: what comes before is noise that says nothing */
  STATE_IN_FRAME, /* behind a sync byte, which may end one frame and begin the next (pakbus-facts A9) */
  STATE_SKIPPING, /* behind too long a frame: to the next sync byte */
} ParserState;

struct _PakFrameParser
{
  PakFrameFunc func;
  gpointer     data;
  ParserState  state;
  gboolean     quoting;   /* a quote byte came, its second half not yet */
  gboolean     bad_quote;
  guint64      position;  /* of the first byte not yet looked at */
  guint64      begin;     /* of the frame's first byte */
  gsize        length;
  guint8       frame[PAK_FRAME_MAX];
};

static void
begin_frame (PakFrameParser *parser, ParserState state)
{
  parser->state = state;
  parser->quoting = FALSE;
  parser->bad_quote = FALSE;
  parser->length = 0;
}

static PakFrameVerdict
judge (const PakFrameParser *parser)
{
  if (parser->bad_quote || parser->quoting)
    return PAK_FRAME_BAD_QUOTE;
  if (parser->length < PAK_FRAME_MIN + SIGNATURE_SIZE)
    return PAK_FRAME_TOO_SHORT;
  if (op_signature (parser->frame, parser->length, OP_SIGNATURE_SEED) != 0)
    return PAK_FRAME_BAD_SIGNATURE;
  return PAK_FRAME_OK;
}

static void
end_frame (PakFrameParser *parser)
{
  gboolean is_empty = parser->length == 0 && !parser->quoting;
  PakFrameVerdict verdict = is_empty ? PAK_FRAME_OK : judge (parser);
  gsize length = parser->length;

  /* Before the call, which may reset the parser. */
  begin_frame (parser, STATE_IN_FRAME);
  if (!is_empty)
    parser->func (verdict, parser->frame, verdict == PAK_FRAME_OK ? length - SIGNATURE_SIZE : length,
                  parser->begin, parser->data);
}

static void
refuse_long_frame (PakFrameParser *parser)
{
  begin_frame (parser, STATE_SKIPPING);
  parser->func (PAK_FRAME_TOO_LONG, parser->frame, PAK_FRAME_MAX, parser->begin, parser->data);
}

/* Returns FALSE when there is no more room. */
static gboolean
keep_run (PakFrameParser *parser, const guint8 *bytes, gsize length)
{
  gsize room = PAK_FRAME_MAX - parser->length;
  gsize n = MIN (length, room);

  memcpy (parser->frame + parser->length, bytes, n);
  parser->length += n;
  return length <= room;
}

static gboolean
keep_quoted (PakFrameParser *parser, guint8 byte)
{
  guint8 value = byte - QUOTE_SHIFT;
  const guint8 pair[] = { PAK_QUOTE_BYTE, byte };

  parser->quoting = FALSE;
  if (value == PAK_SYNC_BYTE || value == PAK_QUOTE_BYTE)
    return keep_run (parser, &value, 1);
  parser->bad_quote = TRUE;
  return keep_run (parser, pair, sizeof pair);
}

/* Unquotes bytes that hold no sync byte. */
static gboolean
keep (PakFrameParser *parser, const guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      const guint8 *quote;
      gsize run;

      if (parser->quoting)
        {
          if (!keep_quoted (parser, *bytes))
            return FALSE;
          bytes++;
          length--;
          continue;
        }
      quote = memchr (bytes, PAK_QUOTE_BYTE, length);
      run = quote != NULL ? (gsize) (quote - bytes) : length;
      if (!keep_run (parser, bytes, run))
        return FALSE;
      parser->quoting = quote != NULL;
      run += parser->quoting;
      bytes += run;
      length -= run;
    }
  return TRUE;
}

PakFrameParser *
pak_frame_parser_new (PakFrameFunc func, gpointer data)
{
  PakFrameParser *parser = g_new0 (PakFrameParser, 1);

  parser->func = func;
  parser->data = data;
  return parser;
}

void
pak_frame_parser_free (PakFrameParser *parser)
{
  g_free (parser);
}

void
pak_frame_parser_push (PakFrameParser *parser, const guint8 *bytes, gsize length)
{
  const guint8 *end = bytes + length;

  while (bytes < end)
    {
      const guint8 *sync = memchr (bytes, PAK_SYNC_BYTE, (gsize) (end - bytes));
      gsize run = (gsize) ((sync != NULL ? sync : end) - bytes);

      if (parser->state == STATE_IN_FRAME && run > 0)
        {
          if (parser->length == 0 && !parser->quoting)
            parser->begin = parser->position;
          if (!keep (parser, bytes, run))
            refuse_long_frame (parser);
        }
      parser->position += run;
      if (sync == NULL)
        return;

      parser->position++;
      bytes = sync + 1;
      if (parser->state == STATE_IN_FRAME)
        end_frame (parser);
      else
        begin_frame (parser, STATE_IN_FRAME);
    }
}

void
pak_frame_parser_reset (PakFrameParser *parser)
{
  begin_frame (parser, STATE_WAITING);
}

static void
append_quoted (GByteArray *out, const guint8 *bytes, gsize length)
{
  gsize done = 0;

  for (gsize i = 0; i < length; i++)
    {
      const guint8 pair[] = { PAK_QUOTE_BYTE, bytes[i] + QUOTE_SHIFT };

      if (bytes[i] != PAK_SYNC_BYTE && bytes[i] != PAK_QUOTE_BYTE)
        continue;
      g_byte_array_append (out, bytes + done, (guint) (i - done));
      g_byte_array_append (out, pair, sizeof pair);
      done = i + 1;
    }
  g_byte_array_append (out, bytes + done, (guint) (length - done));
}

void
pak_frame_append (GByteArray *out, const guint8 *body, gsize length)
{
  const guint8 sync = PAK_SYNC_BYTE;
  guint16 nullifier = op_signature_nullifier (op_signature (body, length, OP_SIGNATURE_SEED));
  const guint8 tail[SIGNATURE_SIZE] = { nullifier >> 8, nullifier & 0xFF };

  g_return_if_fail (length <= PAK_FRAME_MAX - SIGNATURE_SIZE);

  g_byte_array_append (out, &sync, 1);
  append_quoted (out, body, length);
  append_quoted (out, tail, sizeof tail);
  g_byte_array_append (out, &sync, 1);
}

GBytes *
pak_frame_new (const guint8 *body, gsize length, guint n_leading)
{
  GByteArray *out = g_byte_array_sized_new ((guint) length + n_leading + 16);
  const guint8 sync = PAK_SYNC_BYTE;

  for (guint i = 1; i < n_leading; i++)
    g_byte_array_append (out, &sync, 1);
  pak_frame_append (out, body, length);
  return g_byte_array_free_to_bytes (out);
}

const char *
pak_frame_verdict_to_string (PakFrameVerdict verdict)
{
  switch (verdict)
    {
    case PAK_FRAME_OK:
      return "ok";
    case PAK_FRAME_BAD_SIGNATURE:
      return "bad signature";
    case PAK_FRAME_TOO_SHORT:
      return "too short";
    case PAK_FRAME_TOO_LONG:
      return "too long";
    case PAK_FRAME_BAD_QUOTE:
      return "bad quote";
    default:
      g_return_val_if_reached ("");
    }
}
