/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Statistics and pictures, against plain loops over the same numbers. */

#include "tests/engine/fixture.h"

#include "app/engine/find-span.h"
#include "app/engine/picture.h"

#include <math.h>
#include <string.h>

#define N      5000

static gint
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

/* A data file's records, one a minute: directions, speeds, and their like; some are flags. */
static OpBatch *
make_batch (gsize n)
{
  OpTableBuilder *builder = op_table_builder_new ("Wind", 1, OP_TYPE_NSEC, 0, OP_MINUTE);
  g_autoptr (OpTable) table = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  OpBatch *batch;

  op_table_builder_add_field (builder, OP_TYPE_FP2, TRUE, "Dir", "Smp", "deg", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "Speed", "Avg", "m/s", NULL, 0);
  table = op_table_builder_finish (builder, 1, NULL);
  batch = op_batch_new (table, NULL, 0, n);
  for (gsize i = 0; i < n; i++)
    {
      gsize row = op_batch_append_row (batch, (guint32) i, (OpTime) i * OP_MINUTE);
      double direction = g_rand_double_range (rand, 0, 360), speed = g_rand_double_range (rand, 0, 20);

      op_batch_set_number (batch, 0, row, i % 50 == 3 ? 7999 : direction);
      op_batch_set_number (batch, 1, row, i % 70 == 5 ? NAN : i % 90 == 7 ? 0 : 0.5 * direction / 10 + speed);
    }
  return batch;
}

static gboolean
has_values (const OpBatch *batch, gsize row)
{
  return op_batch_get_numbers (batch, 0)[row] != 7999 && isfinite (op_batch_get_numbers (batch, 1)[row]);
}

static OpPicture *
make_picture (OpBatch *batch, OpPictureKind kind, const guint *columns)
{
  g_autoptr (OpRecords) records = op_records_new_batch (batch);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpPicture *picture;

  op_picture_make_async (records, kind, columns, 0, G_MAXINT64, NULL, keep_result_cb, &result);
  picture = op_picture_make_finish (await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint ((gint) picture->kind, ==, (gint) kind);
  return picture;
}

static OpStatistics *
read_statistics (OpRecords *records, guint column, OpTime from, OpTime to, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_statistics_read_async (records, column, from, to, NULL, keep_result_cb, &result);
  return op_statistics_read_finish (await (&result), error);
}

/* Of stored records of any cut, in two passes over the numbers. */
static void
test_statistics (Fixture *fixture, gconstpointer data)
{
  OpTable *table = make_table ("OneMin", OP_MINUTE, 3, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE);
  append_records (fixture, begun, 100, 3000, 70);
  g_autoptr (OpIncarnation) incarnation = look_up (fixture, begun);
  g_autoptr (OpRecords) records = op_records_new_incarnation (fixture->store, incarnation);
  static const guint32 spans[][2] = { { 100, 3099 }, { 151, 151 }, { 1234, 1299 }, { 0, 5000 }, { 3090, 4000 } };

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      guint32 first = MAX (spans[i][0], 100), last = MIN (spans[i][1], 3099), n = last - first + 1;
      g_autoptr (GError) error = NULL;
      g_autofree OpStatistics *statistics = read_statistics (records, 1, make_time (table, spans[i][0]),
                                                             make_time (table, spans[i][1]), &error);
      double sum = 0, squares = 0, min = INFINITY, max = -INFINITY;

      g_assert_no_error (error);
      for (guint32 record = first; record <= last; record++)
        {
          sum += make_number (record, 1);
          min = fmin (min, make_number (record, 1));
          max = fmax (max, make_number (record, 1));
        }
      for (guint32 record = first; record <= last; record++)
        squares += pow (make_number (record, 1) - sum / n, 2);
      g_assert_cmpuint (statistics->n_values, ==, n);
      g_assert_cmpuint (statistics->n_nan, ==, 0);
      g_assert_cmpfloat_with_epsilon (statistics->sum, sum, 1e-6 * (1 + fabs (sum)));
      g_assert_cmpfloat_with_epsilon (statistics->mean, sum / n, 1e-9 * (1 + fabs (sum)));
      if (n > 1)
        g_assert_cmpfloat_with_epsilon (statistics->deviation, sqrt (squares / (n - 1)), 1e-9 * (1 + squares));
      else
        g_assert_true (isnan (statistics->deviation));
      g_assert_cmpfloat_with_epsilon (statistics->first, make_number (first, 1), 1e-9);
      g_assert_cmpfloat_with_epsilon (statistics->last, make_number (last, 1), 1e-9);
      g_assert_cmpint (statistics->last_time, ==, make_time (table, last));
      g_assert_cmpfloat_with_epsilon (statistics->min, min, 1e-9);
      g_assert_cmpfloat_with_epsilon (statistics->max, max, 1e-9);
      g_assert_cmpfloat_with_epsilon (statistics->coverage, (double) n / (spans[i][1] - spans[i][0] + 1), 1e-12);
      g_assert_cmpfloat_with_epsilon (make_number ((guint32) ((statistics->min_time - make_time (table, 0)) / OP_MINUTE), 1),
                                      min, 1e-9);
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (read_statistics (records, 3, 0, 1, &error));
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FAILED);
  op_table_unref (table);
}

typedef struct
{
  OpTime   from, to;
  guint64  first, last; /* places */
  gboolean has_records;
} SpanCase;

static void
check_span (Fixture *fixture, OpIncarnation *incarnation, OpBatch *batch, const SpanCase *wanted)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpSpanPlaces places;

  op_find_span_async (fixture->store, incarnation, batch, wanted->from, wanted->to, NULL, keep_result_cb, &result);
  g_assert_true (op_find_span_finish (await (&result), &places, &error));
  g_assert_no_error (error);
  g_assert_cmpint (places.has_records, ==, wanted->has_records);
  g_assert_cmpuint (places.first, ==, wanted->first);
  if (wanted->has_records)
    g_assert_cmpuint (places.last, ==, wanted->last);
}

/* Before all, at one, between two, at the end and behind it; with a gap, places count what is held. */
static void
test_find_span (Fixture *fixture, gconstpointer data)
{
  OpTable *table = make_table ("OneMin", OP_MINUTE, 1, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE);
  append_records (fixture, begun, 100, 50, 7);
  append_records (fixture, begun, 200, 50, 7);
  g_autoptr (OpIncarnation) incarnation = look_up (fixture, begun);
  g_autoptr (GAsyncResult) read = NULL;
  op_store_read_async (fixture->store, incarnation, 100, 150, NULL, 0, NULL, keep_result_cb, &read);
  g_autoptr (OpBatch) batch = op_store_read_finish (fixture->store, await (&read), NULL);
  const SpanCase cases[] = {
    { 0, make_time (table, 9999), 0, 99, TRUE },
    { 0, make_time (table, 99), 0, 0, FALSE },
    { make_time (table, 100), make_time (table, 100), 0, 0, TRUE },
    { make_time (table, 100) + 1, make_time (table, 103) - 1, 1, 2, TRUE },
    { make_time (table, 149), make_time (table, 200), 49, 50, TRUE },
    { make_time (table, 170), make_time (table, 180), 50, 0, FALSE },
    { make_time (table, 249), G_MAXINT64, 99, 99, TRUE },
    { make_time (table, 9999), G_MAXINT64, 99, 0, FALSE },
  };

  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 100);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check_span (fixture, incarnation, NULL, &cases[i]);
      check_span (fixture, NULL, batch, &cases[i]);
    }
  op_table_unref (table);
}

/* Most steps are a minute; where they differ, there is no interval. */
static void
test_interval (void)
{
  OpTableBuilder *builder = op_table_builder_new ("File", 1, OP_TYPE_NSEC, 0, 0);
  g_autoptr (OpTable) table = op_table_builder_finish (builder, 1, NULL);
  g_autoptr (OpBatch) regular = op_batch_new (table, NULL, 0, 10);
  g_autoptr (OpBatch) irregular = op_batch_new (table, NULL, 0, 10);

  for (guint i = 0; i < 10; i++)
    {
      op_batch_append_row (regular, i, (i < 5 ? i : i + 3) * OP_MINUTE);
      op_batch_append_row (irregular, i, i * i * OP_MINUTE);
    }
  g_assert_cmpint (op_records_guess_interval (regular), ==, OP_MINUTE);
  g_assert_cmpint (op_records_guess_interval (irregular), ==, 0);
}

/* What stands for out of range is no value, by its type. */
static void
test_flags (void)
{
  g_autoptr (OpBatch) batch = make_batch (N);
  g_autoptr (OpRecords) records = op_records_new_batch (batch);
  g_autofree OpStatistics *direction = read_statistics (records, 0, 0, G_MAXINT64, NULL);
  g_autofree OpStatistics *nothing = read_statistics (records, 0, -2 * OP_MINUTE, -OP_MINUTE, NULL);

  g_assert_cmpuint (direction->n_nan, ==, N / 50);
  g_assert_cmpfloat (direction->max, <, 360);
  g_assert_cmpuint (nothing->n_values, ==, 0);
  g_assert_true (isnan (nothing->mean) && isnan (nothing->min) && isnan (nothing->sum));
  g_assert_cmpfloat (nothing->coverage, ==, 0);
  g_assert_true (op_value_is_flag (OP_TYPE_FP2, -7999) && op_value_is_flag (OP_TYPE_FP2, 6999));
  g_assert_true (op_value_is_flag (OP_TYPE_IEEE4, -99999) && op_value_is_flag (OP_TYPE_IEEE8, INFINITY));
  g_assert_false (op_value_is_flag (OP_TYPE_INT4, -99999) || op_value_is_flag (OP_TYPE_IEEE4, 7999)
                  || op_value_is_flag (OP_TYPE_FP2, 6998));
}

/* Minutes as a logger may tell them: which of them are covered, and how many records come late. */
static void
test_coverage (void)
{
  static const struct { guint8 n, minutes[12]; double coverage; guint64 n_out_of_order; } cases[] = {
    { 10, { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 1, 0 },
    { 10, { 0, 1, 2, 3, 4, 2, 3, 4, 5, 9 }, 0.7, 3 },          /* set back, and a gap */
    { 12, { 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9 }, 1, 10 },     /* one of a clock far ahead */
    { 8, { 5, 6, 7, 0, 1, 2, 6, 9 }, 0.7, 4 },
    { 2, { 0, 9 }, 0.2, 0 },
  };
  g_autoptr (OpBatch) whole = make_batch (12);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (OpBatch) batch = op_batch_new (op_batch_get_table (whole), NULL, 0, 12);
      g_autoptr (OpRecords) records = NULL;
      g_autofree OpStatistics *statistics = NULL;

      for (guint j = 0; j < cases[i].n; j++)
        op_batch_set_number (batch, 1, op_batch_append_row (batch, j, cases[i].minutes[j] * OP_MINUTE), 1);
      records = op_records_new_batch (batch);
      statistics = read_statistics (records, 1, 0, 9 * OP_MINUTE, NULL);
      g_assert_cmpuint (statistics->n_values, ==, cases[i].n);
      g_assert_cmpfloat_with_epsilon (statistics->coverage, cases[i].coverage, 1e-12);
      g_assert_cmpuint (statistics->n_out_of_order, ==, cases[i].n_out_of_order);
    }
}

/* The line by the textbook's sums. */
static void
test_xy (void)
{
  const guint columns[] = { 0, 1 };
  g_autoptr (OpBatch) batch = make_batch (N);
  g_autoptr (OpPicture) picture = make_picture (batch, OP_PICTURE_XY, columns);
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0, slope;

  for (gsize i = 0; i < N; i++)
    if (has_values (batch, i))
      {
        double a = op_batch_get_numbers (batch, 0)[i], b = op_batch_get_numbers (batch, 1)[i];

        n++, x += a, y += b, xx += a * a, xy += a * b, yy += b * b;
      }
  slope = (n * xy - x * y) / (n * xx - x * x);
  g_assert_cmpuint (picture->n, ==, (guint) n);
  g_assert_cmpuint (picture->n_left_out, ==, N - (guint) n);
  g_assert_cmpuint (picture->xy.points->len, ==, (guint) n);
  g_assert_cmpfloat_with_epsilon (picture->xy.slope, slope, 1e-9);
  g_assert_cmpfloat_with_epsilon (picture->xy.intercept, (y - slope * x) / n, 1e-7);
  g_assert_cmpfloat_with_epsilon (picture->xy.r2, pow (n * xy - x * y, 2) / (n * xx - x * x) / (n * yy - y * y), 1e-9);
}

static void
test_xy_without_line (void)
{
  const guint columns[] = { 0, 1 };
  g_autoptr (OpBatch) one = make_batch (1);
  g_autoptr (OpBatch) none = make_batch (0);
  g_autoptr (OpPicture) of_one = make_picture (one, OP_PICTURE_XY, columns);
  g_autoptr (OpPicture) of_none = make_picture (none, OP_PICTURE_XY, columns);

  g_assert_true (isnan (of_one->xy.slope) && isnan (of_none->xy.r2));
  g_assert_cmpuint (of_none->n, ==, 0);
}

/* More points than are kept: as many as may be, each one of them of the records. */
static void
test_sample (void)
{
  const guint columns[] = { 0, 1 };
  g_autoptr (OpBatch) batch = make_batch (3 * OP_PICTURE_MAX_POINTS);
  g_autoptr (OpPicture) picture = make_picture (batch, OP_PICTURE_XY, columns);
  g_autoptr (GHashTable) held = g_hash_table_new (g_double_hash, g_double_equal);
  guint n_late = 0;

  for (gsize i = 0; i < op_batch_get_n_records (batch); i++)
    g_hash_table_add (held, (gpointer) &op_batch_get_numbers (batch, 0)[i]);
  g_assert_cmpuint (picture->xy.points->len, ==, OP_PICTURE_MAX_POINTS);
  for (guint i = 0; i < OP_PICTURE_MAX_POINTS; i++)
    {
      const double *found = g_hash_table_lookup (held, &g_array_index (picture->xy.points, OpXyPoint, i).x);

      g_assert_nonnull (found);
      n_late += found - op_batch_get_numbers (batch, 0) >= 2 * OP_PICTURE_MAX_POINTS;
    }
  /* A third of them are of the last third. */
  g_assert_cmpuint (n_late, >, OP_PICTURE_MAX_POINTS / 4);
  g_assert_cmpuint (n_late, <, OP_PICTURE_MAX_POINTS * 5 / 12);
}

static void
test_histogram (void)
{
  const guint column = 1;
  g_autoptr (OpBatch) batch = make_batch (N);
  g_autoptr (OpPicture) picture = make_picture (batch, OP_PICTURE_HISTOGRAM, &column);
  const OpHistogram *histogram = &picture->histogram;
  guint64 sum = 0;

  g_assert_cmpuint (histogram->n_bins, >=, 5);
  g_assert_cmpfloat (histogram->low, <=, picture->statistics[0].min);
  g_assert_cmpfloat (histogram->low + histogram->n_bins * histogram->width, >=, picture->statistics[0].max);
  for (guint bin = 0; bin < histogram->n_bins; bin++)
    {
      double low = histogram->low + bin * histogram->width, high = histogram->low + (bin + 1) * histogram->width;
      guint64 n = 0;

      for (gsize i = 0; i < N; i++)
        n += op_batch_get_numbers (batch, 1)[i] >= low && op_batch_get_numbers (batch, 1)[i] < high;
      g_assert_cmpuint (histogram->counts[bin], ==, n);
      sum += n;
    }
  g_assert_cmpuint (sum, ==, picture->n);
  g_assert_cmpuint (picture->n + picture->n_left_out, ==, N);
}

static void
test_rose (void)
{
  const guint columns[] = { 0, 1 };
  g_autoptr (OpBatch) batch = make_batch (N);
  g_autoptr (OpPicture) picture = NULL;
  guint64 counts[OP_PICTURE_SECTORS][OP_PICTURE_CLASSES] = { { 0 } }, n_calm = 0, n_left_out = 0;

  /* No wind blows like that, and it is no calm either. */
  for (gsize i = 0; i < N; i += 100)
    op_batch_set_number (batch, 1, i, -0.5);
  picture = make_picture (batch, OP_PICTURE_ROSE, columns);

  for (gsize i = 0; i < N; i++)
    {
      double direction = op_batch_get_numbers (batch, 0)[i], speed = op_batch_get_numbers (batch, 1)[i];
      guint sector = (guint) round (direction / 22.5) % 16, class = 0;

      if (!has_values (batch, i) || speed < 0)
        {
          n_left_out++;
          continue;
        }
      if (speed == 0)
        {
          n_calm++;
          continue;
        }
      for (guint j = 0; j < OP_PICTURE_CLASSES - 1; j++)
        class += speed >= picture->rose.bounds[j];
      counts[sector][class]++;
    }
  g_assert_cmpuint (n_calm, >, 10);
  g_assert_cmpuint (picture->rose.n_calm, ==, n_calm);
  g_assert_cmpuint (picture->n_left_out, ==, n_left_out);
  g_assert_cmpmem (picture->rose.counts, sizeof picture->rose.counts, counts, sizeof counts);
}

static void
test_diurnal (void)
{
  const guint column = 1;
  g_autoptr (OpBatch) batch = make_batch (N);
  g_autoptr (OpPicture) picture = make_picture (batch, OP_PICTURE_DIURNAL, &column);

  for (guint hour = 0; hour < OP_PICTURE_HOURS; hour++)
    {
      const OpDiurnalHour *found = &picture->hours[hour];
      g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));

      for (gsize i = 0; i < N; i++)
        {
          /* Minutes 1 to 60 of the first hour of the day are its; minute 0 is the day before's. */
          guint minute = (guint) (i % 1440);
          guint of = minute == 0 ? 23 : (minute - 1) / 60;

          if (of == hour && isfinite (op_batch_get_numbers (batch, 1)[i]))
            g_array_append_val (values, op_batch_get_numbers (batch, 1)[i]);
        }
      g_array_sort (values, compare);
      g_assert_cmpuint (found->n, ==, values->len);
      g_assert_cmpfloat (found->low, ==, g_array_index (values, double, 0));
      g_assert_cmpfloat (found->high, ==, g_array_index (values, double, values->len - 1));
      if (values->len % 2 == 1)
        g_assert_cmpfloat (found->median, ==, g_array_index (values, double, values->len / 2));
      else
        g_assert_cmpfloat_with_epsilon (found->median, (g_array_index (values, double, values->len / 2)
                                                        + g_array_index (values, double, values->len / 2 - 1)) / 2,
                                        1e-9);
      g_assert_cmpfloat (found->quarter, <=, found->median);
      g_assert_cmpfloat (found->three_quarters, >=, found->median);
    }
}

static void
test_words (void)
{
  const char *const names[] = { "Dir", "Speed" };
  const guint columns[] = { 0, 1 };
  g_autoptr (OpBatch) batch = make_batch (N);
  g_autoptr (OpBatch) empty = make_batch (0);

  for (guint kind = 0; kind < OP_N_PICTURES; kind++)
    {
      g_autoptr (OpPicture) picture = make_picture (batch, kind, columns);
      g_autoptr (OpPicture) nothing = make_picture (empty, kind, columns);
      g_autofree char *words = op_picture_dup_words (picture, names);
      g_autofree char *none = op_picture_dup_words (nothing, names);
      OpPictureKind found;

      g_test_message ("%s", words);
      g_assert_nonnull (strstr (words, "records"));
      g_assert_cmpstr (none, ==, "There are no values in this span.");
      g_assert_true (op_picture_find_kind (op_picture_get_nick (kind), &found));
      g_assert_cmpuint (found, ==, kind);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/picture/statistics", Fixture, NULL, fixture_set_up, test_statistics, fixture_tear_down);
  g_test_add ("/picture/find-span", Fixture, NULL, fixture_set_up, test_find_span, fixture_tear_down);
  g_test_add_func ("/picture/coverage", test_coverage);
  g_test_add_func ("/picture/interval", test_interval);
  g_test_add_func ("/picture/flags", test_flags);
  g_test_add_func ("/picture/xy", test_xy);
  g_test_add_func ("/picture/xy/without-line", test_xy_without_line);
  g_test_add_func ("/picture/xy/sample", test_sample);
  g_test_add_func ("/picture/histogram", test_histogram);
  g_test_add_func ("/picture/rose", test_rose);
  g_test_add_func ("/picture/diurnal", test_diurnal);
  g_test_add_func ("/picture/words", test_words);
  return g_test_run ();
}
