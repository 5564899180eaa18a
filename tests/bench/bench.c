/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

void
bench_say (const char *what, double value, const char *unit, double goal, gboolean at_least)
{
  gboolean reached = at_least ? value >= goal : value <= goal;

  g_print ("%-62s %12.4g %-10s goal %s %.4g: %s\n", what, value, unit, at_least ? "at least" : "at most", goal,
           reached ? "reached" : "missed");
}

double
bench_now (void)
{
  return g_get_monotonic_time () / 1e6;
}

void
bench_keep_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

GAsyncResult *
bench_await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
bench_percentile (GArray *values, double share)
{
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, (guint) ((values->len - 1) * share));
}

static const struct
{
  const char *name;
  void (*run) (void);
} benchmarks[] = {
  { "decode", bench_decode },
  { "collect", bench_collect },
  { "link", bench_link },
  { "many", bench_many },
  { "plot", bench_plot },
  { "pyramid", bench_pyramid },
  { "records", bench_records },
  { "tob1", bench_tob1 },
};

/* All, or those that are named. */
int
main (int argc, char **argv)
{
  if (bench_many_serve (argc, argv) || bench_records_make (argc, argv))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (benchmarks); i++)
    if (argc == 1 || g_strv_contains ((const char *const *) argv + 1, benchmarks[i].name))
      benchmarks[i].run ();
  return 0;
}
