/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "protocol/pakbus/collect.h"
#include "protocol/pakbus/frame.h"
#include "protocol/pakbus/packet.h"
#include "protocol/signature.h"

#include <string.h>

#define N_COLUMNS    10
#define PER_PACKET   24
#define N_PACKETS    400
#define RECORD_SIZE  (N_COLUMNS * 4)
#define TARGET_ROUND 1.5 /* seconds a side */

typedef struct
{
  OpTable *table;
  OpBatch *batch;
  guint64 n_records;
} Decoder;

static OpTable *
make_table (void)
{
  OpTableBuilder *builder = op_table_builder_new ("Bench", 1000000, OP_TYPE_NSEC, 0, OP_SECOND);
  OpTable *table;

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autofree char *name = g_strdup_printf ("V%u", i);

      op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, name, "Avg", "", NULL, 0);
    }
  table = op_table_builder_finish (builder, 1, NULL);
  g_assert_nonnull (table);
  return table;
}

/* Collect responses with random values, so that quoting occurs as often as in real data. */
static GByteArray *
make_stream (OpTable *table)
{
  GByteArray *stream = g_byte_array_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint n = 0; n < N_PACKETS; n++)
    {
      g_autoptr (GByteArray) body = g_byte_array_new ();
      guint8 values[PER_PACKET * RECORD_SIZE];
      PakCollectBlock block = { .table_number = 1, .first = n * PER_PACKET, .count = PER_PACKET,
                                .first_time = (OpTime) n * PER_PACKET * OP_SECOND, .payload = values,
                                .length = sizeof values };
      const guint8 head[] = { 0xAF, 0xFE, 0x00, 0x01, 0x1F, 0xFE, 0x00, 0x01, 0x89, 0x17, 0x00 };
      const guint8 more = 0;

      for (guint i = 0; i < PER_PACKET * N_COLUMNS; i++)
        op_value_set_number (OP_TYPE_IEEE4, g_rand_double_range (rand, -50, 1050), values + 4 * i, NULL);
      g_byte_array_append (body, head, sizeof head);
      pak_collect_append (table, &block, body);
      g_byte_array_append (body, &more, 1);
      pak_frame_append (stream, body->data, body->len);
    }
  return stream;
}

static void
on_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  Decoder *decoder = data;
  PakPacket packet;
  PakCollectBlock block;
  gboolean more;

  g_assert_cmpint (verdict, ==, PAK_FRAME_OK);
  if (!pak_packet_parse (body, length, &packet, NULL) || packet.dst_node != 0xFFE || packet.src_node != 1
      || packet.type != 0x89 || packet.transaction != 0x17 || packet.message[2] != 0
      || !pak_collect_parse (decoder->table, packet.message + 3, packet.length - 3, &block, &more, NULL)
      || !op_batch_append_payload (decoder->batch, block.first, block.count, block.first_time, block.payload,
                                   block.length, NULL))
    g_error ("The benchmark's own frame was refused");
  decoder->n_records += block.count;
}

/* The ceiling: the same bytes unquoted, signed and turned into columns by one loop that checks nothing. */
static guint64
decode_bare (const guint8 *bytes, gsize length, double *columns[N_COLUMNS])
{
  guint8 body[1100];
  gsize n = 0;
  guint64 n_records = 0;
  guint16 signature = OP_SIGNATURE_SEED;

  for (gsize i = 1; i < length; i++)
    {
      guint8 byte = bytes[i];

      if (byte == PAK_SYNC_BYTE)
        {
          if (n > 26 && signature == 0)
            for (gsize r = 0; r < PER_PACKET; r++)
              {
                for (gsize c = 0; c < N_COLUMNS; c++)
                  {
                    guint32 word;
                    float value;

                    memcpy (&word, body + 27 + r * RECORD_SIZE + 4 * c, sizeof word);
                    word = GUINT32_FROM_BE (word);
                    memcpy (&value, &word, sizeof value);
                    columns[c][n_records] = value;
                  }
                n_records++;
              }
          n = 0;
          signature = OP_SIGNATURE_SEED;
          continue;
        }
      if (byte == PAK_QUOTE_BYTE)
        byte = bytes[++i] - 0x20;
      {
        guint16 shifted = (guint16) (signature << 1) & 0x1FF;

        if (shifted >= 0x100)
          shifted++;
        signature = (guint16) (((shifted + (signature >> 8) + byte) & 0xFF) | (signature << 8));
      }
      body[n++] = byte;
    }
  return n_records;
}

static double
measure_ours (const GByteArray *stream, OpTable *table, double seconds, double *check)
{
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, N_PACKETS * PER_PACKET);
  Decoder decoder = { .table = table, .batch = batch };
  g_autoptr (PakFrameParser) parser = pak_frame_parser_new (on_frame_cb, &decoder);
  double start = bench_now ();

  while (bench_now () - start < seconds)
    {
      op_batch_clear (batch);
      pak_frame_parser_push (parser, stream->data, stream->len);
    }
  *check = op_batch_get_numbers (batch, N_COLUMNS - 1)[N_PACKETS * PER_PACKET - 1];
  return decoder.n_records / (bench_now () - start);
}

static double
measure_bare (const GByteArray *stream, double seconds, double *check)
{
  double *columns[N_COLUMNS];
  guint64 n_records = 0;
  double start, rate;

  for (guint c = 0; c < N_COLUMNS; c++)
    columns[c] = g_new (double, N_PACKETS * PER_PACKET);
  start = bench_now ();
  while (bench_now () - start < seconds)
    n_records += decode_bare (stream->data, stream->len, columns);
  rate = n_records / (bench_now () - start);
  *check = columns[N_COLUMNS - 1][N_PACKETS * PER_PACKET - 1];
  for (guint c = 0; c < N_COLUMNS; c++)
    g_free (columns[c]);
  return rate;
}

void
bench_decode (void)
{
  g_autoptr (OpTable) table = make_table ();
  g_autoptr (GByteArray) stream = make_stream (table);
  double ours = 0, bare = 0, our_value, bare_value;

  /* In turn, so that both meet the same neighbours on the machine. */
  for (guint i = 0; i < 3; i++)
    {
      ours = MAX (ours, measure_ours (stream, table, TARGET_ROUND / 3, &our_value));
      bare = MAX (bare, measure_bare (stream, TARGET_ROUND / 3, &bare_value));
    }
  if (our_value != bare_value)
    g_error ("Both sides must decode the same values");
  bench_say ("Frame to columns, ten IEEE4", ours / 1e6, "M rec/s", 2, TRUE);
  bench_say ("  against a bare loop over the same bytes", ours / bare, "", 0.4, TRUE);
}
