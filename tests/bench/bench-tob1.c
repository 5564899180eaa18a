/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "app/engine/convert.h"
#include "app/plot/plot.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define N_RECORDS   5000000
#define N_COLUMNS   8
#define N_SHOWN     3
#define RECORD_SIZE (12 + 4 * N_COLUMNS)
#define N_ROUNDS    3
#define WIDTH       1200
#define HEIGHT      500
/* The peer of baselines.md spends its time in fprintf; so many records of it are enough. */
#define N_PRINTED   1000000

static void
write_header (FILE *file)
{
  fputs ("\"TOB1\",\"Bench\",\"CR1000\",\"1\",\"CR1000.Std.32\",\"CPU:b.CR1\",\"1\",\"Fast\"\r\n", file);
  fputs ("\"SECONDS\",\"NANOSECONDS\",\"RECORD\"", file);
  for (guint i = 0; i < N_COLUMNS; i++)
    fprintf (file, ",\"V%u\"", i);
  fputs ("\r\n\"SECONDS\",\"NANOSECONDS\",\"RN\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n", file);
  fputs ("\"\",\"\",\"\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\"\r\n\"ULONG\",\"ULONG\",\"ULONG\"", file);
  for (guint i = 0; i < N_COLUMNS; i++)
    fputs (",\"IEEE4\"", file);
  fputs ("\r\n", file);
}

static void
fill_record (guint8 *record, guint32 i, GRand *rand)
{
  guint32 stamp[] = { GUINT32_TO_LE (1000000000 + i / 20), GUINT32_TO_LE (i % 20 * 50000000), GUINT32_TO_LE (i) };

  memcpy (record, stamp, sizeof stamp);
  for (guint j = 0; j < N_COLUMNS; j++)
    op_value_set_number (OP_TYPE_IEEE4L, 10 * sin (i / 20000.0 + j) + g_rand_double (rand), record + sizeof stamp + 4 * j,
                         NULL);
}

/* Records of eight floats, as those of baselines.md. */
static char *
make_file (void)
{
  char *path = g_build_filename (g_get_tmp_dir (), "outpost-bench-XXXXXX", NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  FILE *file = fdopen (g_mkstemp (path), "wb");
  guint8 record[RECORD_SIZE];

  write_header (file);
  for (guint32 i = 0; i < N_RECORDS; i++)
    {
      fill_record (record, i, rand);
      fwrite (record, sizeof record, 1, file);
    }
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}

static double
measure_reading (const char *path)
{
  g_autofree char *block = g_malloc (1024 * 1024);
  gint fd = g_open (path, O_RDONLY | O_CLOEXEC);
  double start = bench_now ();

  while (read (fd, block, 1024 * 1024) > 0)
    ;
  close (fd);
  return bench_now () - start;
}

typedef struct
{
  const OpBatch *batch;
  guint column;
} Column;

static gpointer
reduce (gpointer data)
{
  const Column *column = data;
  const OpTime *times = op_batch_get_times (column->batch);

  return op_reduction_new_from_batch (column->batch, column->column, OP_SECOND / 20, times[0], times[N_RECORDS - 1], WIDTH);
}

/* From the file's name to the picture of its first columns, each reduced in a thread as the window does it. */
static double
measure_opening (const char *path, cairo_t *cr)
{
  double start = bench_now ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (OpPlot) plot = op_plot_new ();
  g_autoptr (OpDataFile) content = NULL;
  Column columns[N_SHOWN];
  GThread *threads[N_SHOWN];
  const OpTime *times;

  op_data_file_read_async (file, NULL, NULL, NULL, bench_keep_cb, &done);
  content = op_data_file_read_finish (bench_await (&done), NULL);
  g_assert_cmpuint (op_batch_get_n_records (content->batch), ==, N_RECORDS);
  times = op_batch_get_times (content->batch);
  op_plot_set_span (plot, times[0], times[N_RECORDS - 1]);
  for (guint i = 0; i < N_SHOWN; i++)
    {
      columns[i] = (Column) { content->batch, i };
      threads[i] = g_thread_new ("reduce", reduce, &columns[i]);
    }
  for (guint i = 0; i < N_SHOWN; i++)
    {
      g_autoptr (OpReduction) reduction = g_thread_join (threads[i]);

      op_plot_add_series (plot, "V", "", reduction);
    }
  op_plot_draw (plot, cr, WIDTH, HEIGHT, 1);
  return bench_now () - start;
}

static double
measure_converting (const char *path)
{
  g_autofree char *out_path = g_strconcat (path, ".toa5", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) out = g_file_new_for_path (out_path);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (OpDataFile) content = NULL;
  double start = bench_now ();
  guint64 n_records;

  op_convert_async (file, op_data_writer_find ("toa5"), out, NULL, NULL, NULL, bench_keep_cb, &done);
  content = op_convert_finish (bench_await (&done), &n_records, NULL);
  g_assert_cmpuint (n_records, ==, N_RECORDS);
  start = bench_now () - start;
  g_unlink (out_path);
  return start;
}

/*
 * Seconds that all records take when they are printed as camp2ascii does it: a line's number, and of each value the
 * separator and then the number, each by a call of fprintf.
 */
static double
measure_printing (const char *path)
{
  g_autofree char *out_path = g_strconcat (path, ".text", NULL);
  FILE *in = fopen (path, "rb"), *out = fopen (out_path, "wb");
  char line[1024];
  double start = bench_now ();

  for (guint i = 0; i < 5; i++)
    g_assert_nonnull (fgets (line, sizeof line, in));
  for (guint i = 0; i < N_PRINTED; i++)
    {
      union
      {
        guint32 number;
        float value;
      } fields[3 + N_COLUMNS];

      g_assert_cmpuint (fread (fields, sizeof fields, 1, in), ==, 1);
      fprintf (out, "%u", i + 1);
      for (guint j = 0; j < 3 + N_COLUMNS; j++)
        {
          fprintf (out, "%s", ",");
          if (j < 3)
            fprintf (out, "%u", fields[j].number);
          else
            fprintf (out, "%g", fields[j].value);
        }
      fprintf (out, "\n");
    }
  fclose (in);
  fclose (out);
  start = bench_now () - start;
  g_unlink (out_path);
  return start * N_RECORDS / N_PRINTED;
}

static double
get_peak_mb (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024.0;
}

void
bench_tob1 (void)
{
  g_autofree char *path = make_file ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  double reading = INFINITY, converting = INFINITY, printing = INFINITY, opening = INFINITY, peak = get_peak_mb ();

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      reading = MIN (reading, measure_reading (path));
      converting = MIN (converting, measure_converting (path));
      printing = MIN (printing, measure_printing (path));
    }
  bench_say ("TOB1 to TOA5, eight IEEE4", N_RECORDS / converting / 1e6, "M rec/s", 1, TRUE);
  bench_say ("  against camp2ascii's way, a call of fprintf for each value", printing / converting, "", 5, TRUE);
  bench_say ("  time of a bare reading of the file", converting / reading, "", 100, FALSE);
  bench_say ("  resident memory more", get_peak_mb () - peak, "MB", 16, FALSE);
  for (guint i = 0; i < N_ROUNDS; i++)
    opening = MIN (opening, measure_opening (path, cr));
  bench_say ("Opening 5 million records of TOB1 and the first picture", opening * 1e3, "ms", (1.5 * reading + 0.2) * 1e3,
             FALSE);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_unlink (path);
}
