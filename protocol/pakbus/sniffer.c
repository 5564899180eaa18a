/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/sniffer.h"

#include "protocol/pakbus/packet.h"

/* BD F0, length in two bytes, header and message, BD. */
#define UNQUOTED_BYTE 0xF0
#define HEAD_SIZE     3

struct _PakSniffer
{
  PakSniffFunc    func;
  gpointer        data;
  PakFrameParser *parser;
  gboolean        after_sync; /* the byte before was one */
  GByteArray     *unquoted;   /* what may become such a frame, from its F0 on */
};

static void
on_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  PakSniffer *sniffer = data;

  sniffer->func (verdict, FALSE, body, length, sniffer->data);
}

PakSniffer *
pak_sniffer_new (PakSniffFunc func, gpointer data)
{
  PakSniffer *sniffer = g_new0 (PakSniffer, 1);

  sniffer->func = func;
  sniffer->data = data;
  sniffer->parser = pak_frame_parser_new (on_frame_cb, sniffer);
  sniffer->unquoted = g_byte_array_new ();
  return sniffer;
}

void
pak_sniffer_free (PakSniffer *sniffer)
{
  pak_frame_parser_free (sniffer->parser);
  g_byte_array_unref (sniffer->unquoted);
  g_free (sniffer);
}

static gsize
get_unquoted_length (const GByteArray *bytes)
{
  return (gsize) bytes->data[1] << 8 | bytes->data[2];
}

static gboolean
may_be_unquoted (const GByteArray *bytes)
{
  gsize length = bytes->len >= HEAD_SIZE ? get_unquoted_length (bytes) : PAK_HEADER_SIZE;

  if (length < PAK_HEADER_SIZE || length > PAK_HEADER_SIZE + PAK_MESSAGE_MAX)
    return FALSE;
  /* Its link state is zero. */
  if (bytes->len == HEAD_SIZE + 1)
    return bytes->data[HEAD_SIZE] >> 4 == 0;
  return bytes->len <= HEAD_SIZE + length || bytes->data[HEAD_SIZE + length] == PAK_SYNC_BYTE;
}

static void
push_ordinary (PakSniffer *sniffer, const guint8 *bytes, gsize length)
{
  if (length == 0)
    return;
  sniffer->after_sync = bytes[length - 1] == PAK_SYNC_BYTE;
  pak_frame_parser_push (sniffer->parser, bytes, length);
}

static void
give_up (PakSniffer *sniffer)
{
  push_ordinary (sniffer, sniffer->unquoted->data, sniffer->unquoted->len);
  g_byte_array_set_size (sniffer->unquoted, 0);
}

static void
take_unquoted_byte (PakSniffer *sniffer, guint8 byte)
{
  GByteArray *bytes = sniffer->unquoted;

  g_byte_array_append (bytes, &byte, 1);
  if (!may_be_unquoted (bytes))
    {
      give_up (sniffer);
      return;
    }
  if (bytes->len < HEAD_SIZE || bytes->len <= HEAD_SIZE + get_unquoted_length (bytes))
    return;
  sniffer->func (PAK_FRAME_OK, TRUE, bytes->data + HEAD_SIZE, get_unquoted_length (bytes), sniffer->data);
  g_byte_array_set_size (bytes, 0);
  /* The last sync byte may begin the next frame. */
  push_ordinary (sniffer, &byte, 1);
}

void
pak_sniffer_push (PakSniffer *sniffer, const guint8 *bytes, gsize length)
{
  gsize done = 0;

  for (gsize i = 0; i < length; i++)
    {
      gboolean after_sync = i > done ? bytes[i - 1] == PAK_SYNC_BYTE : sniffer->after_sync;

      if (sniffer->unquoted->len == 0 && !(after_sync && bytes[i] == UNQUOTED_BYTE))
        continue;
      push_ordinary (sniffer, bytes + done, i - done);
      take_unquoted_byte (sniffer, bytes[i]);
      done = i + 1;
    }
  push_ordinary (sniffer, bytes + done, length - done);
}

void
pak_sniffer_finish (PakSniffer *sniffer)
{
  give_up (sniffer);
}

void
pak_sniffer_reset (PakSniffer *sniffer)
{
  pak_frame_parser_reset (sniffer->parser);
  g_byte_array_set_size (sniffer->unquoted, 0);
  sniffer->after_sync = FALSE;
}
