/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/throttle.h"

/* Ten IEEE4 values a record, as many records as a packet holds. */
#define N_COLUMNS   10
#define RECORD_SIZE 40
#define PER_PACKET  24
#define PAYLOAD     (PER_PACKET * RECORD_SIZE)

/* Bytes on the line beside the records: sync bytes; header, head of the answer, time stamp, end and nullifier; and
 * the request with all that. */
#define SYNC_BYTES     2
#define ANSWER_BYTES   (8 + 20 + 2)
#define REQUEST_BYTES  31
#define BITS_A_BYTE    10
#define TURNAROUND_US  5000
#define N_CLOCKS       20

/* The first ones tell the client what the logger can do. */
#define N_UNMEASURED 3

typedef struct
{
  guint  baud;   /* 0: a network that carries 10 Mbit/s */
  gint64 rtt_us;
  guint  n_windows;
} Link;

typedef struct
{
  guint   n_chunks;
  double  turnaround; /* s, as it turned out */
  double  begin;
  double  end;
  guint64 n_bytes;  /* of records, since then */
  guint64 n_quoted; /* of those, bytes that take two on the line */
} Sink;

static gboolean
take_chunk (const OpChunk *chunk, gpointer data, GError **error)
{
  Sink *sink = data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, &size);

  sink->end = bench_now ();
  if (++sink->n_chunks <= N_UNMEASURED)
    {
      sink->begin = sink->end;
      return TRUE;
    }
  sink->n_bytes += size;
  for (gsize i = 0; i < size; i++)
    sink->n_quoted += bytes[i] == 0xBC || bytes[i] == 0xBD;
  return TRUE;
}

static OpLogger *
new_logger (const Link *link, gboolean is_fast)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTransport) near_end = NULL;
  g_autoptr (OpTransport) line = NULL;
  OpLogger *logger;

  options->history = (guint64) link->n_windows * PER_PACKET;
  options->plain_columns = N_COLUMNS;
  options->plain_type = OP_TYPE_IEEE4;
  options->max_response = 990;
  options->turnaround_us = TURNAROUND_US;
  near_end = op_emulator_new_demo_transport (options, &error);
  if (near_end == NULL)
    g_error ("%s", error->message);
  line = op_throttle_new (near_end, link->baud != 0 ? link->baud : 10 * 1000 * 1000, link->rtt_us / 2);
  logger = pak_logger_new (line, 1, 0, 0);
  pak_logger_set_fast (PAK_LOGGER (logger), is_fast);
  return logger;
}

static OpTable *
find_plain_table (OpLogger *logger)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = NULL;

  op_logger_read_tables_async (logger, NULL, bench_keep_cb, &done);
  tables = op_logger_read_tables_finish (logger, bench_await (&done), &error);
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    if (g_str_equal (((OpTable *) tables->pdata[i])->name, "Plain"))
      return op_table_ref (tables->pdata[i]);
  g_error ("No table: %s", error != NULL ? error->message : "");
}

/*
 * What the logger takes, and the timers of the line that is played here, which come up to a millisecond late: the
 * round trip of clock readings without the time of their bytes.
 */
static double
measure_turnaround (OpLogger *logger, guint baud)
{
  guint64 n_before = op_logger_get_traffic (logger);
  double sum = 0;

  for (guint i = 0; i < N_CLOCKS; i++)
    {
      g_autoptr (GAsyncResult) done = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree OpClockReading *reading = NULL;

      op_logger_read_clock_async (logger, NULL, bench_keep_cb, &done);
      reading = op_logger_read_clock_finish (logger, bench_await (&done), &error);
      if (reading == NULL)
        g_error ("%s", error->message);
      sum += reading->round_trip_us / 1e6;
    }
  return (sum - (double) (op_logger_get_traffic (logger) - n_before) * BITS_A_BYTE / baud) / N_CLOCKS;
}

static Sink
collect (const Link *link, gboolean is_fast)
{
  g_autoptr (OpLogger) logger = new_logger (link, is_fast);
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) collected = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) table = NULL;
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 0, .b = link->n_windows * PER_PACKET };
  Sink sink = { 0 };

  op_logger_open_async (logger, NULL, bench_keep_cb, &opened);
  if (!op_logger_open_finish (logger, bench_await (&opened), &error))
    g_error ("%s", error->message);
  table = find_plain_table (logger);
  if (link->baud != 0)
    sink.turnaround = measure_turnaround (logger, link->baud);
  op_logger_collect_async (logger, table, &range, take_chunk, NULL, &sink, NULL, bench_keep_cb, &collected);
  if (!op_logger_collect_finish (logger, bench_await (&collected), &error))
    g_error ("%s", error->message);
  op_logger_close (logger);
  return sink;
}

static double
get_rate (const Sink *sink)
{
  return sink->n_bytes / (sink->end - sink->begin);
}

/* Of a full answer, with what had to be quoted in these records. */
static double
get_answer_bytes (const Sink *sink)
{
  return SYNC_BYTES + ANSWER_BYTES + PAYLOAD + (double) sink->n_quoted / sink->n_bytes * PAYLOAD;
}

static double
get_best_rate (const Sink *sink, guint baud)
{
  return PAYLOAD / ((get_answer_bytes (sink) + REQUEST_BYTES) * BITS_A_BYTE / baud + sink->turnaround);
}

static double
get_line_rate (const Sink *sink, guint baud)
{
  return PAYLOAD / (get_answer_bytes (sink) * BITS_A_BYTE / baud);
}

static void
bench_serial (guint baud, guint n_windows)
{
  const Link link = { .baud = baud, .n_windows = n_windows };
  const Sink one = collect (&link, FALSE);
  const Sink several = collect (&link, TRUE);
  g_autofree char *what_one = g_strdup_printf ("Serial %u, one in flight, of what one can reach at %.1f ms", baud,
                                               one.turnaround * 1e3);
  g_autofree char *what_several = g_strdup_printf ("Serial %u, several in flight, of what the line carries", baud);

  bench_say (what_one, 100 * get_rate (&one) / get_best_rate (&one, baud), "%", 98, TRUE);
  bench_say (what_several, 100 * get_rate (&several) / get_line_rate (&several, baud), "%", 97, TRUE);
}

static void
bench_network (guint rtt_ms, guint n_one, guint n_several, double goal)
{
  const Link short_link = { .rtt_us = rtt_ms * 1000, .n_windows = n_one };
  const Link long_link = { .rtt_us = rtt_ms * 1000, .n_windows = n_several };
  const Sink one = collect (&short_link, FALSE);
  const Sink several = collect (&long_link, TRUE);
  g_autofree char *what = g_strdup_printf ("Round trip of %u ms, eight in flight against one", rtt_ms);

  bench_say (what, get_rate (&several) / get_rate (&one), "times", goal, TRUE);
}

void
bench_link (void)
{
  bench_serial (9600, 11);
  bench_serial (38400, 24);
  bench_serial (115200, 48);
  bench_network (50, 60, 400, 7);
  bench_network (500, 10, 83, 7.5);
}
