/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/logger-time.h"

#include <string.h>

static void
test_format (void)
{
  static const struct
  {
    gint64      sec;
    gint64      nsec;
    const char *text;
  } cases[] = {
    { 0, 0, "1990-01-01 00:00:00" },
    /* CardConvert's text of the bytes 583EF843 404B4C00 and 583EF843 001BB700 (SecNano). */
    { 1140342360, 5000000, "2026-02-19 09:46:00.005" },
    { 1140342360, 12000000, "2026-02-19 09:46:00.012" },
    { 1140342377, 100000000, "2026-02-19 09:46:17.1" },
    { 1140342360, 1, "2026-02-19 09:46:00.000000001" },
    { 58 * 86400, 0, "1990-02-28 00:00:00" },
    { 59 * 86400, 0, "1990-03-01 00:00:00" },
    { 789 * 86400, 0, "1992-02-29 00:00:00" },
    { 3711 * 86400 + 86399, 0, "2000-02-29 23:59:59" },
    { -1, 500000000, "1989-12-31 23:59:59.5" },
    { 1031399473, 625000000, "2022-09-07 11:51:13.625" },
    { 4294967295, 0, "2126-02-07 06:28:15" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OpTime time = op_time_from_parts (cases[i].sec, cases[i].nsec);
      OpTime again;
      char   text[OP_TIME_TEXT_SIZE];
      gsize  length = op_time_format (time, text);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpuint (length, ==, strlen (cases[i].text));
      g_assert_true (op_time_parse (cases[i].text, &again));
      g_assert_cmpint (again, ==, time);
    }
}

/* Every day of four centuries against GLib's own calendar. */
static void
test_every_day (void)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (1800, 1, 1, 12, 34, 56);

  for (gint day = 0; day < 366 * 400; day += 7)
    {
      g_autoptr (GDateTime) moment = g_date_time_add_days (start, day);
      g_autofree char      *expected = g_date_time_format (moment, "%Y-%m-%d %H:%M:%S");
      char                  text[OP_TIME_TEXT_SIZE];

      op_time_format (op_time_from_parts (g_date_time_to_unix (moment) - OP_UNIX_OF_1990, 0), text);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_parts (void)
{
  gint32 sec, nsec;

  op_time_to_parts (op_time_from_parts (-1, 250000000), &sec, &nsec);
  g_assert_cmpint (sec, ==, -1);
  g_assert_cmpint (nsec, ==, 250000000);
  /* The CR200's nonsense in the place of nanoseconds (manual, clock example). */
  g_assert_cmpint (op_time_from_parts (7, 3355443200), ==, 7 * OP_SECOND);
  g_assert_cmpint (op_time_from_parts (7, -1), ==, 7 * OP_SECOND);
  g_assert_cmpint (op_time_from_parts (G_MAXINT64, 0), ==, OP_TIME_UNKNOWN);
}

static void
test_parse_leniently (void)
{
  static const struct
  {
    const char *text;
    const char *same_as;
  } cases[] = {
    { "2026-02-19T09:46:00.5", "2026-02-19 09:46:00.5" },
    { "2026-02-19", "2026-02-19 00:00:00" },
    { "2026-02-28 24:00:00", "2026-03-01 00:00:00" },
    { "2026-12-31 24:00", "2027-01-01 00:00:00" },
    { "2026-02-19 09:46", "2026-02-19 09:46:00" },
    { "2026-02-19 09:46:00.500000000", "2026-02-19 09:46:00.5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OpTime time;
      char   text[OP_TIME_TEXT_SIZE];

      g_assert_true (op_time_parse (cases[i].text, &time));
      op_time_format (time, text);
      g_assert_cmpstr (text, ==, cases[i].same_as);
    }
}

static void
test_refuse (void)
{
  static const char *const texts[] = {
    "",           "NAN",        "2026",       "2026-2-19",  "2026-13-01", "2026-02-29", "2026-00-10",
    "2026-02-00", "2026-02-19 ", "2026-02-19 9:46", "2026-02-19 09:60:00", "2026-02-19 24:00:01",
    "2026-02-19 09:46:60", "2026-02-19 09:46:00.", "2026-02-19 09:46:00x", "2026-02-19 24:00:00.1",
    "9999-01-01 00:00:00", "0000-01-01", "2026-02-19 09:46:00.1234567890",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      OpTime time = 0;

      g_test_message ("%s", texts[i]);
      g_assert_false (op_time_parse (texts[i], &time));
    }
}

static void
test_unix (void)
{
  OpTime time;

  /* 2026-02-19 09:46:00 UTC is 1771494360 s after 1970. */
  g_assert_true (op_time_parse ("2026-02-19 11:46:00.000001", &time));
  g_assert_cmpint (op_time_from_unix_us (1771494360000001, 7200), ==, time);
  g_assert_cmpint (op_time_to_unix_us (time, 7200), ==, 1771494360000001);
  g_assert_cmpint (op_time_from_unix_us (-1, 0), ==, -OP_UNIX_OF_1990 * OP_SECOND - 1000);
  g_assert_cmpint (op_time_to_unix_us (-OP_UNIX_OF_1990 * OP_SECOND - 1, 0), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/logger-time/format", test_format);
  g_test_add_func ("/logger-time/every-day", test_every_day);
  g_test_add_func ("/logger-time/parts", test_parts);
  g_test_add_func ("/logger-time/parse-leniently", test_parse_leniently);
  g_test_add_func ("/logger-time/refuse", test_refuse);
  g_test_add_func ("/logger-time/unix", test_unix);
  return g_test_run ();
}
