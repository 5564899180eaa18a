/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fixture.h"

#include <math.h>

/* The store's reduction against one worked out record by record. */

#define N_COLUMNS 3
/* When records pass this number, strips of all levels are written: the highest spans that many. */
#define ALL_LEVELS (1 << 24)

typedef struct
{
  OpTime from, to;
  guint  n_bins;
  GArray *times;  /* of the records held, in order */
  GArray *values; /* of column 1 */
} Truth;

static OpReduction *
reduce (Fixture *fixture, OpIncarnation *incarnation, const Truth *truth)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_reduce_async (fixture->store, incarnation, 1, truth->from, truth->to, truth->n_bins, NULL, keep_result_cb,
                         &result);
  OpReduction *reduction = op_store_reduce_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
  return reduction;
}

static gboolean
is_within (const Truth *truth, OpTime time)
{
  return time >= truth->from && time <= truth->to;
}

static guint
find_bin (const Truth *truth, OpTime time)
{
  double place = (double) (time - truth->from) / (double) (truth->to - truth->from) * truth->n_bins;
  return MIN ((guint) place, truth->n_bins - 1);
}

/* Every value lies between minimum and maximum of a bin at most one from its own. */
static void
check_bins (const Truth *truth, const OpReduction *reduction)
{
  double min = INFINITY, max = -INFINITY;
  guint64 n_within = 0, n_values = 0;
  for (guint i = 0; i < truth->times->len; i++)
    {
      OpTime time = g_array_index (truth->times, OpTime, i);
      double value = g_array_index (truth->values, double, i);
      if (!is_within (truth, time))
        continue;
      n_within++;
      if (!isfinite (value))
        continue;
      n_values++;
      min = MIN (min, value);
      max = MAX (max, value);
      guint bin = find_bin (truth, time);
      gboolean seen = FALSE;
      for (guint b = bin > 0 ? bin - 1 : 0; b <= MIN (bin + 1, truth->n_bins - 1); b++)
        seen |= value >= reduction->bins[b].min && value <= reduction->bins[b].max;
      g_assert_true (seen);
    }
  guint64 n_binned = 0;
  for (guint b = 0; b < truth->n_bins; b++)
    {
      const OpBin *bin = &reduction->bins[b];
      n_binned += bin->n_values;
      g_assert_true (bin->n_values == 0 || (bin->min <= bin->first && bin->first <= bin->max));
      g_assert_true (bin->n_values == 0 || (bin->min <= bin->last && bin->last <= bin->max));
    }
  g_assert_cmpuint (n_binned, ==, n_values);
  g_assert_cmpuint (reduction->n_records, ==, n_within);
  g_assert_cmpfloat (reduction->min, ==, min);
  g_assert_cmpfloat (reduction->max, ==, max);
}

/* Points are the records of the span and one neighbour on each side. */
static void
check_points (const Truth *truth, const OpReduction *reduction)
{
  guint first = 0, end = truth->times->len;
  while (first < end && g_array_index (truth->times, OpTime, first) < truth->from)
    first++;
  while (end > first && g_array_index (truth->times, OpTime, end - 1) > truth->to)
    end--;
  guint64 n_within = end - first;
  first -= first > 0;
  end += end < truth->times->len;
  /* A single record outside makes no line. */
  if (n_within == 0 && end - first < 2)
    first = end;
  g_assert_cmpuint (reduction->n_points, ==, end - first);
  g_assert_cmpuint (reduction->n_records, ==, n_within);
  for (guint i = first; i < end; i++)
    {
      double value = g_array_index (truth->values, double, i);
      g_assert_cmpint (reduction->times[i - first], ==, g_array_index (truth->times, OpTime, i));
      if (isfinite (value))
        g_assert_cmpfloat (reduction->values[i - first], ==, value);
      else
        g_assert_false (isfinite (reduction->values[i - first]));
    }
}

static guint
check_holes (const Truth *truth, const OpReduction *reduction, OpTime interval)
{
  guint n_holes = 0;
  for (guint i = 1; i < truth->times->len; i++)
    {
      OpTime before = g_array_index (truth->times, OpTime, i - 1), after = g_array_index (truth->times, OpTime, i);
      if (after - before <= interval * 3 / 2 || before > truth->to || after < truth->from)
        continue;
      gboolean found = FALSE;
      for (guint k = 0; k < reduction->holes->len; k++)
        {
          OpHole hole = g_array_index (reduction->holes, OpHole, k);
          found |= hole.from == before && hole.to == after;
        }
      /* One within a pixel may be passed over. */
      g_assert_true (found || after - before <= (truth->to - truth->from) / truth->n_bins + 1);
      n_holes += found;
    }
  g_assert_cmpuint (reduction->holes->len, ==, n_holes);
  return n_holes;
}

static void
check (Fixture *fixture, OpIncarnation *incarnation, const Truth *truth, OpTime interval)
{
  g_autoptr (OpReduction) reduction = reduce (fixture, incarnation, truth);
  guint64 n_within = 0;
  for (guint i = 0; i < truth->times->len; i++)
    n_within += is_within (truth, g_array_index (truth->times, OpTime, i));
  g_assert_true ((reduction->bins == NULL) == (n_within <= 2 * (guint64) truth->n_bins));
  if (reduction->bins != NULL)
    check_bins (truth, reduction);
  else
    check_points (truth, reduction);
  if (interval > 0)
    check_holes (truth, reduction, interval);
}

/* A table's kind. */
typedef struct
{
  OpTime   interval;
  OpType   type;
  gboolean has_text; /* of any length, in place of the first number */
} Kind;

typedef struct
{
  Fixture       *fixture;
  const Kind    *kind;
  OpIncarnation *incarnation;
  Truth          truth;
} Filling;

static double
make_value (OpType type)
{
  double spike = type == OP_TYPE_FP2 ? 5000 : 1e6, flag = type == OP_TYPE_FP2 ? 6999 : 99999;
  gint chance = g_test_rand_int_range (0, 3000);
  if (chance < 2)
    return chance == 0 ? spike : -spike;
  if (chance < 50)
    return chance < 30 ? NAN : chance < 40 ? INFINITY : flag;
  return g_test_rand_double_range (-10, 10);
}

/* Values with some flags and rare spikes; @offset moves the times. */
static void
fill (Filling *filling, guint32 first, guint32 count, OpTime offset)
{
  OpTable *table = filling->incarnation->table;
  gboolean is_event = op_table_is_event (table);
  OpType type = filling->kind->type;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  for (guint32 i = 0; i < count; i++)
    {
      OpTime time = make_time (table, first + i) + offset;
      guint8 stamp[8], encoded[8];
      op_value_set_time (table->time_type, time, stamp);
      if (is_event)
        g_byte_array_append (bytes, stamp, 8);
      op_value_set_number (type, make_value (type), encoded, NULL);
      double value = op_flags_clear (op_type_get_flags (type), op_value_get_number (type, encoded));
      if (filling->kind->has_text)
        g_byte_array_append (bytes, (const guint8 *) "texts" + i % 6, 6 - i % 6);
      for (guint c = filling->kind->has_text ? 1 : 0; c < N_COLUMNS; c++)
        g_byte_array_append (bytes, encoded, (guint) op_type_size (type));
      g_array_append_val (filling->truth.times, time);
      g_array_append_val (filling->truth.values, value);
    }
  g_autoptr (GBytes) payload = g_bytes_new (bytes->data, bytes->len);
  OpChunk *chunk = op_chunk_new (table, first, count, make_time (table, first) + offset, payload, &error);
  g_assert_no_error (error);
  append_chunk (filling->fixture, filling->incarnation->id, chunk, NULL, &error);
  g_assert_no_error (error);
}

static void
check_spans (Filling *filling, OpTime interval)
{
  Truth *truth = &filling->truth;
  OpTime first = g_array_index (truth->times, OpTime, 0);
  OpTime last = g_array_index (truth->times, OpTime, truth->times->len - 1);
  static const guint n_bins[] = { 1, 7, 100, 333, 1000, 2000 };
  for (guint i = 0; i < G_N_ELEMENTS (n_bins); i++)
    {
      truth->n_bins = n_bins[i];
      truth->from = first;
      truth->to = last;
      check (filling->fixture, filling->incarnation, truth, interval);
      for (guint k = 0; k < 6; k++)
        {
          OpTime a = first + (OpTime) (g_test_rand_double_range (-0.1, 1.1) * (double) (last - first));
          OpTime b = k < 3 ? first + (OpTime) (g_test_rand_double_range (-0.1, 1.1) * (double) (last - first))
                           : a + (OpTime) (g_test_rand_double () * (double) (last - first) / 300);
          truth->from = MIN (a, b);
          truth->to = MAX (a, b) + 1;
          check (filling->fixture, filling->incarnation, truth, interval);
        }
    }
}

/* Sums are exact to the record: each is of the time from behind one edge to the next. */
static void
check_sums (Filling *filling)
{
  const Truth *truth = &filling->truth;
  OpTime first = g_array_index (truth->times, OpTime, 0);
  OpTime last = g_array_index (truth->times, OpTime, truth->times->len - 1);
  OpBars bars = op_bars_choose (first, last, 60);
  g_autofree double *sums = g_new0 (double, bars.n);
  g_autoptr (GAsyncResult) result = NULL;
  for (guint i = 0; i < truth->times->len; i++)
    {
      double value = g_array_index (truth->values, double, i);
      guint64 behind = (guint64) (g_array_index (truth->times, OpTime, i) - bars.from);
      if (isfinite (value))
        sums[(behind + (guint64) bars.step - 1) / (guint64) bars.step - 1] += value;
    }
  op_store_sum_async (filling->fixture->store, filling->incarnation, 1, &bars, NULL, keep_result_cb, &result);
  g_autoptr (OpReduction) bins = op_store_reduce_finish (filling->fixture->store, await (&result), NULL);
  g_autoptr (OpReduction) reduction = op_bars_sum (&bars, bins);
  g_assert_nonnull (bins->bins);
  g_assert_cmpuint (reduction->n_points, >, 20);
  for (gsize i = 0; i < reduction->n_points; i++)
    if (isfinite (reduction->values[i]))
      g_assert_cmpfloat_with_epsilon (reduction->values[i],
                                      sums[(reduction->times[i] - bars.from) / bars.step - 1], 1e-3);
}

static OpTable *
make_table_of_kind (const Kind *kind)
{
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new ("OneMin", 1000000, OP_TYPE_NSEC, 0, kind->interval);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autofree char *field = g_strdup_printf ("Value%u", i);
      op_table_builder_add_field (builder, i == 0 && kind->has_text ? OP_TYPE_ASCIIZ : kind->type, FALSE, field, "Avg",
                                  "mV", NULL, 0);
    }
  OpTable *table = op_table_builder_finish (builder, 1, &error);
  g_assert_no_error (error);
  return table;
}

static void
begin_filling (Filling *filling, Fixture *fixture, const Kind *kind)
{
  g_autoptr (OpTable) table = make_table_of_kind (kind);
  filling->fixture = fixture;
  filling->kind = kind;
  filling->incarnation = begin (fixture, table, FALSE);
  filling->truth.times = g_array_new (FALSE, FALSE, sizeof (OpTime));
  filling->truth.values = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
end_filling (Filling *filling)
{
  op_incarnation_unref (filling->incarnation);
  g_array_unref (filling->truth.times);
  g_array_unref (filling->truth.values);
}

/* In pieces of all sizes, with a power failure and overwritten records between. */
static void
test_property (Fixture *fixture, gconstpointer data)
{
  const Kind *kind = data;
  OpTime interval = kind->interval;
  Filling filling;
  begin_filling (&filling, fixture, kind);
  guint32 record = ALL_LEVELS - (guint32) g_test_rand_int_range (5000, 40000);
  OpTime offset = 0;
  for (guint i = 0; i < 40; i++)
    {
      guint32 count = (guint32) (i % 4 == 0 ? g_test_rand_int_range (2000, 6000) : g_test_rand_int_range (1, 300));
      fill (&filling, record, count, offset);
      record += count;
      if (i % 7 == 3)
        offset += interval * g_test_rand_int_range (2, 3000);
      if (i % 9 == 5)
        record += (guint32) g_test_rand_int_range (1, 3000);
    }
  check_spans (&filling, interval);
  check_sums (&filling);
  fixture_reopen (fixture);
  check_spans (&filling, interval);
  end_filling (&filling);
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  const OpTime *time_a = a, *time_b = b;
  return *time_a < *time_b ? -1 : *time_a > *time_b;
}

/* Pieces in any order give the same pyramid as in order. Values are all different, so that none hides another. */
static void
test_out_of_order (Fixture *fixture, gconstpointer data)
{
  const guint32 piece = 777, n_pieces = 30, begun = ALL_LEVELS - 12000;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_IEEE4);
  g_autoptr (OpIncarnation) in_order = begin (fixture, table, FALSE);
  append_records (fixture, in_order, begun, piece * n_pieces, 50);
  g_autoptr (OpIncarnation) shuffled = begin (fixture, table, TRUE);
  guint32 order[30];
  for (guint32 i = 0; i < n_pieces; i++)
    order[i] = i;
  for (guint32 i = n_pieces - 1; i > 0; i--)
    {
      guint32 k = (guint32) g_test_rand_int_range (0, (gint32) i + 1), kept = order[i];
      order[i] = order[k];
      order[k] = kept;
    }
  for (guint32 i = 0; i < n_pieces; i++)
    append_records (fixture, shuffled, begun + order[i] * piece, piece, 50);
  Truth truth = { make_time (table, begun), make_time (table, begun + piece * n_pieces), 25, NULL, NULL };
  g_autoptr (OpReduction) a = reduce (fixture, in_order, &truth);
  g_autoptr (OpReduction) b = reduce (fixture, shuffled, &truth);
  g_assert_nonnull (a->bins);
  for (guint i = 0; i < truth.n_bins; i++)
    g_assert_cmpmem (&a->bins[i], sizeof (OpBin), &b->bins[i], sizeof (OpBin));
  g_assert_cmpuint (b->holes->len, ==, 0);
}

/* The logger's clock was set back: no record may get lost, in whatever order their times are. */
static void
test_clock_set_back (Fixture *fixture, gconstpointer data)
{
  static const Kind kind = { 60 * OP_SECOND, OP_TYPE_IEEE4, FALSE };
  Filling filling;
  begin_filling (&filling, fixture, &kind);
  fill (&filling, 0, 5000, 0);
  fill (&filling, 5000, 5000, -86400 * OP_SECOND);
  fill (&filling, 10000, 5000, 0);
  g_autoptr (GArray) times = g_array_copy (filling.truth.times);
  g_array_sort (times, compare_times);
  filling.truth.from = g_array_index (times, OpTime, 0);
  filling.truth.to = g_array_index (times, OpTime, times->len - 1);
  filling.truth.n_bins = 150;
  g_autoptr (OpReduction) reduction = reduce (fixture, filling.incarnation, &filling.truth);
  check_bins (&filling.truth, reduction);
  end_filling (&filling);
}

static void
test_overwritten_hole (Fixture *fixture, gconstpointer data)
{
  OpTime interval = GPOINTER_TO_INT (data) * OP_SECOND;
  g_autoptr (OpTable) table = make_table ("OneMin", interval, 2, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 0, 3000, 50);
  append_records (fixture, incarnation, 4000, 3000, 50);
  for (guint n_bins = 10; n_bins <= 10000; n_bins *= 10)
    {
      Truth truth = { make_time (table, 0), make_time (table, 6999), n_bins, NULL, NULL };
      g_autoptr (OpReduction) reduction = reduce (fixture, incarnation, &truth);
      g_assert_cmpuint (reduction->holes->len, ==, 1);
      OpHole hole = g_array_index (reduction->holes, OpHole, 0);
      g_assert_true (hole.overwritten);
      g_assert_cmpint (hole.from, ==, make_time (table, 2999));
      g_assert_cmpint (hole.to, ==, make_time (table, 4000));
    }
}

/* A span in which nothing is held still has its neighbours, whose line crosses it. */
static void
test_empty_span (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 2, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  Truth nothing = { 0, 1000, 10, NULL, NULL };
  g_autoptr (OpReduction) none = reduce (fixture, incarnation, &nothing);
  g_assert_cmpuint (none->n_points, ==, 0);
  append_records (fixture, incarnation, 0, 1000, 50);
  Truth between = { make_time (table, 500) + 1, make_time (table, 501) - 1, 10, NULL, NULL };
  g_autoptr (OpReduction) two = reduce (fixture, incarnation, &between);
  g_assert_cmpuint (two->n_points, ==, 2);
  g_assert_cmpuint (two->n_records, ==, 0);
  g_assert_cmpint (two->times[0], ==, make_time (table, 500));
  g_assert_cmpint (two->times[1], ==, make_time (table, 501));
}

static void
test_speed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  gint64 begun = g_get_monotonic_time ();
  for (guint32 i = 0; i < 1000000; i += 100000)
    append_records (fixture, incarnation, i, 100000, 25);
  g_test_message ("1,000,000 records made and stored in %.0f ms", (double) (g_get_monotonic_time () - begun) / 1000);
  for (guint k = 0; k < 4; k++)
    {
      Truth truth = { make_time (table, k * 1000), make_time (table, 999999 >> k), 2000, NULL, NULL };
      begun = g_get_monotonic_time ();
      g_autoptr (OpReduction) reduction = reduce (fixture, incarnation, &truth);
      g_test_message ("%" G_GUINT64_FORMAT " records to 2000 bins in %.1f ms", reduction->n_records,
                      (double) (g_get_monotonic_time () - begun) / 1000);
      g_assert_cmpuint (reduction->n_records, >, 100000);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    Kind        kind;
  } kinds[] = {
    { "/reduce/property/interval", { 60 * OP_SECOND, OP_TYPE_IEEE4, FALSE } },
    { "/reduce/property/event", { 0, OP_TYPE_IEEE4, FALSE } },
    { "/reduce/property/fp2", { 60 * OP_SECOND, OP_TYPE_FP2, FALSE } },
    { "/reduce/property/fp2-event", { 0, OP_TYPE_FP2, FALSE } },
    { "/reduce/property/text", { 60 * OP_SECOND, OP_TYPE_FP2, TRUE } },
    { "/reduce/property/text-event", { 0, OP_TYPE_IEEE8, TRUE } },
  };

  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add (path, Fixture, data, fixture_set_up, func, fixture_tear_down)
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    ADD (kinds[i].path, &kinds[i].kind, test_property);
  ADD ("/reduce/out-of-order", NULL, test_out_of_order);
  ADD ("/reduce/clock-set-back", NULL, test_clock_set_back);
  ADD ("/reduce/overwritten/interval", GINT_TO_POINTER (60), test_overwritten_hole);
  ADD ("/reduce/overwritten/event", GINT_TO_POINTER (0), test_overwritten_hole);
  ADD ("/reduce/empty-span", NULL, test_empty_span);
  if (g_test_perf ())
    ADD ("/reduce/speed", NULL, test_speed);
  return g_test_run ();
}
