/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "app/engine/records.h"
#include "app/engine/store.h"
#include "app/plot/plot.h"
#include "app/plot/span.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define MILLION     1000000u
#define N_PIXELS    2000
#define HEIGHT      1000
#define N_FRAMES    200
#define N_REPEATS   20
#define N_TURNS     10
#define PACKET      500
#define TRANSACTION 100000

typedef struct
{
  OpStore       *store;
  OpIncarnation *incarnation;
} Shelf;

static float
make_value (guint32 record)
{
  return (float) (10 * sin (record / 20000.0) + (double) (record * 2654435761u >> 8) / (1 << 24));
}

static OpChunk *
make_chunk (const OpTable *table, guint32 first, guint32 count)
{
  g_autofree guint8 *bytes = g_malloc (4 * (gsize) count);
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GError) error = NULL;
  OpChunk *chunk;

  for (guint32 i = 0; i < count; i++)
    op_value_set_number (OP_TYPE_IEEE4, make_value (first + i), bytes + 4 * (gsize) i, NULL);
  payload = g_bytes_new (bytes, 4 * (gsize) count);
  chunk = op_chunk_new (table, first, count, first * OP_SECOND, payload, &error);
  if (chunk == NULL)
    g_error ("%s", error->message);
  return chunk;
}

static void
append (Shelf *shelf, guint32 first, guint32 count)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);

  for (guint32 i = 0; i < count; i += PACKET)
    g_ptr_array_add (chunks, make_chunk (shelf->incarnation->table, first + i, PACKET));
  op_store_append_async (shelf->store, shelf->incarnation->id, chunks, NULL, TRUE, first + count, NULL, bench_keep_cb,
                         &done);
  if (!op_store_append_finish (shelf->store, bench_await (&done), NULL, &error))
    g_error ("%s", error->message);
}

static gint64
add_station (OpStore *store)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  g_autoptr (GAsyncResult) done = NULL;

  record->name = g_strdup ("Bench");
  record->uri = g_strdup ("demo:cr1000");
  op_store_save_station_async (store, record, NULL, bench_keep_cb, &done);
  return op_store_save_station_finish (store, bench_await (&done), NULL);
}

/* The incarnation as the store tells it now. */
static OpIncarnation *
look_up (OpStore *store, gint64 station, gint64 id)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GPtrArray) list = NULL;

  op_store_list_incarnations_async (store, station, NULL, bench_keep_cb, &done);
  list = op_store_list_incarnations_finish (store, bench_await (&done), NULL);
  for (guint i = 0; i < list->len; i++)
    if (((OpIncarnation *) list->pdata[i])->id == id)
      return op_incarnation_ref (list->pdata[i]);
  g_error ("The table is gone");
}

static OpIncarnation *
fill (OpStore *store, gint64 station, const char *name, guint32 n)
{
  OpTableBuilder *builder = op_table_builder_new (name, n, OP_TYPE_NSEC, 0, OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  g_autoptr (OpIncarnation) begun = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  Shelf shelf = { store, NULL };

  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "V", "", "V", NULL, 0);
  table = op_table_builder_finish (builder, n / MILLION, NULL);
  op_store_begin_incarnation_async (store, station, table, FALSE, NULL, bench_keep_cb, &done);
  shelf.incarnation = begun = op_store_begin_incarnation_finish (store, bench_await (&done), NULL);
  for (guint32 first = 0; first < n; first += TRANSACTION)
    append (&shelf, first, TRANSACTION);
  return look_up (store, station, begun->id);
}

static OpReduction *
reduce (Shelf *shelf, OpTime from, OpTime to)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  OpReduction *reduction;

  op_store_reduce_async (shelf->store, shelf->incarnation, 0, from, to, N_PIXELS, NULL, bench_keep_cb, &done);
  reduction = op_store_reduce_finish (shelf->store, bench_await (&done), &error);
  if (reduction == NULL)
    g_error ("%s", error->message);
  return reduction;
}

/* Milliseconds. */
static double
time_reduction (Shelf *shelf)
{
  double start = bench_now ();
  g_autoptr (OpReduction) reduction = reduce (shelf, shelf->incarnation->first_time, shelf->incarnation->last_time);

  return (bench_now () - start) * 1e3;
}

/* The first one of a turn fills caches. */
static void
add_turn (Shelf *shelf, GArray *times)
{
  time_reduction (shelf);
  for (guint i = 0; i < N_REPEATS; i++)
    {
      double used = time_reduction (shelf);

      g_array_append_val (times, used);
    }
}

/* Milliseconds for each of two shelves: of some the quick ones, as others use the machine too, and by turns, as it is quicker
   at one moment than at the next. */
static void
time_reductions (Shelf *a, Shelf *b, double *of_a, double *of_b)
{
  g_autoptr (GArray) times_a = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) times_b = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < N_TURNS; i++)
    {
      add_turn (a, times_a);
      add_turn (b, times_b);
    }
  *of_a = bench_percentile (times_a, 0.1);
  *of_b = bench_percentile (times_b, 0.1);
}

static void
find_extremes (const OpRecordSlice *slice, gpointer data)
{
  double *range = data;

  for (gsize i = 0; i < slice->n; i++)
    {
      range[0] = fmin (range[0], slice->values[0][i]);
      range[1] = fmax (range[1], slice->values[0][i]);
    }
}

static gpointer
stream_rows (gpointer data)
{
  Shelf *shelf = data;
  const guint column = 0;
  double range[2] = { INFINITY, -INFINITY };
  g_autoptr (OpRecords) records = op_records_new_incarnation (shelf->store, shelf->incarnation);
  g_autoptr (GError) error = NULL;

  if (!op_records_scan (records, &column, 1, shelf->incarnation->first_time, shelf->incarnation->last_time,
                        find_extremes, range, NULL, &error))
    g_error ("%s", error->message);
  return NULL;
}

static double
time_streaming (Shelf *shelf)
{
  double start = bench_now ();

  g_thread_join (g_thread_new ("stream", stream_rows, shelf));
  return (bench_now () - start) * 1e3;
}

/* Frames as a person who pans and zooms sees them: the reduction read anew, and drawn. */
static void
time_frames (Shelf *shelf, const char *what)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (OpPlot) plot = op_plot_new ();
  g_autofree char *percentile = g_strdup_printf ("Pan and zoom in %s records, 95th percentile of a frame", what);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, N_PIXELS, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  OpSpan span;

  op_span_init (&span);
  op_span_reset (&span, shelf->incarnation->first_time, shelf->incarnation->last_time);
  for (guint i = 0; i <= N_FRAMES; i++)
    {
      double start = bench_now (), used;
      g_autoptr (OpReduction) reduction = reduce (shelf, span.from, span.to);

      op_plot_clear (plot);
      op_plot_set_span (plot, span.from, span.to);
      op_plot_add_series (plot, "V", "V", reduction);
      op_plot_draw (plot, cr, N_PIXELS, HEIGHT, 1);
      cairo_surface_flush (surface);
      used = (bench_now () - start) * 1e3;
      /* The first one loads fonts. */
      if (i > 0)
        g_array_append_val (times, used);
      if (i % 4 == 3)
        op_span_pan (&span, i % 8 == 3 ? 0.2 : -0.3);
      else
        op_span_zoom (&span, span.from / 3 + span.to / 3 * 2, i % 100 < 50 ? 0.8 : 1.25);
    }
  bench_say (percentile, bench_percentile (times, 0.95), "ms", 16, FALSE);
  bench_say ("  the longest", bench_percentile (times, 1), "ms", 50, FALSE);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
remove_store (const char *dir)
{
  g_autoptr (GDir) open = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (open)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

void
bench_records (void)
{
  g_autofree char *dir = g_dir_make_tmp ("outpost-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "store.db", NULL);
  g_autoptr (OpStore) store = op_store_new (path);
  gint64 station = add_station (store);
  g_autoptr (OpIncarnation) ten = fill (store, station, "Ten", 10 * MILLION);
  g_autoptr (OpIncarnation) hundred = fill (store, station, "Hundred", 100 * MILLION);
  Shelf small = { store, ten }, large = { store, hundred };
  double of_small, of_large;

  time_reductions (&small, &large, &of_small, &of_large);
  bench_say ("2,000 pixels of 10 million stored records", of_small, "ms", 16, FALSE);
  bench_say ("  faster than streaming the rows by", time_streaming (&small) / of_small, "times", 100, TRUE);
  bench_say ("2,000 pixels of 100 million records against 10 million", of_large / of_small, "times", 1.2, FALSE);
  time_frames (&small, "10 million");
  time_frames (&large, "100 million");
  op_store_close (store);
  remove_store (dir);
}

gboolean
bench_records_make (int argc, char **argv)
{
  g_autofree char *path = NULL, *values_path = NULL;
  g_autoptr (OpStore) store = NULL;
  g_autoptr (OpIncarnation) filled = NULL;
  g_autofree float *values = NULL;

  if (argc != 3 || !g_str_equal (argv[1], "make-store"))
    return FALSE;
  path = g_build_filename (argv[2], "store.db", NULL);
  values_path = g_build_filename (argv[2], "values.f32", NULL);
  store = op_store_new (path);
  filled = fill (store, add_station (store), "Ten", 10 * MILLION);
  op_store_close (store);
  values = g_new (float, 10 * MILLION);
  for (guint32 i = 0; i < 10 * MILLION; i++)
    values[i] = make_value (i);
  return g_file_set_contents (values_path, (const char *) values, 4 * 10 * MILLION, NULL);
}
