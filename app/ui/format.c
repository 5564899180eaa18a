/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/format.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <math.h>

#define OP_US_PER_S 1000000.0
#define MINUTE_S    (OP_MINUTE / OP_SECOND)
#define HOUR_S      (OP_HOUR / OP_SECOND)
#define DAY_S       (OP_DAY / OP_SECOND)

/* The C locale groups nothing, but its readers expect commas. */
static const char *
get_separator (void)
{
  const struct lconv *conventions = localeconv ();

  if (conventions->thousands_sep[0] != '\0')
    return conventions->thousands_sep;
  return g_str_equal (conventions->decimal_point, ".") ? "," : "\u202f";
}

char *
op_format_count (guint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  gsize length = strlen (digits);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (text, get_separator ());
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

char *
op_format_duration (double seconds)
{
  gboolean is_day = seconds >= DAY_S && seconds < DAY_S + MINUTE_S;

  if (seconds < 1)
    return g_strdup (_("less than 1 s"));
  if (seconds < MINUTE_S)
    return g_strdup_printf (_("%.0f s"), seconds);
  if (seconds < HOUR_S)
    return g_strdup_printf (_("%.0f min"), ceil (seconds / MINUTE_S));
  if (seconds < 2 * DAY_S && !is_day)
    return g_strdup_printf (_("%d h %d min"), (int) (seconds / HOUR_S), (int) (fmod (seconds, HOUR_S) / MINUTE_S));
  if (fmod (seconds, DAY_S) < HOUR_S)
    return g_strdup_printf (_("%.0f d"), floor (seconds / DAY_S));
  return g_strdup_printf (_("%.0f d %d h"), floor (seconds / DAY_S), (int) (fmod (seconds, DAY_S) / HOUR_S));
}

char *
op_format_saved_toa5 (guint64 n_records)
{
  g_autofree char *count = op_format_count (n_records);

  return g_strdup_printf (ngettext ("%s record saved as TOA5", "%s records saved as TOA5", n_records), count);
}

char *
op_format_offset (gint64 offset_us, gint64 uncertainty_us)
{
  double seconds = ABS (offset_us) / OP_US_PER_S;
  const char *sign = seconds < 0.005 ? "" : offset_us < 0 ? "−" : "+";
  gint64 whole = llround (seconds), minutes = llround (seconds / MINUTE_S);

  /* Rounded, as a clock that is wrong by an hour is rarely so to the microsecond. */
  if (whole >= HOUR_S)
    return g_strdup_printf (_("%s%d h %d min"), sign, (int) (minutes / 60), (int) (minutes % 60));
  if (whole >= MINUTE_S)
    return g_strdup_printf (_("%s%d min %d s"), sign, (int) (whole / 60), (int) (whole % 60));
  if (seconds >= 10 || uncertainty_us >= 500000)
    return g_strdup_printf (_("%s%.0f s"), sign, seconds);
  return g_strdup_printf (_("%s%.2f s"), sign, seconds);
}

char *
op_format_value (OpType type, double value)
{
  char exact[OP_VALUE_TEXT_SIZE];
  double size = fabs (value);

  op_value_format_number (type, value, exact);
  if (!isfinite (value) || value == floor (value))
    return g_strdup (exact);
  if (size >= 1e5)
    return g_strdup_printf ("%.0f", value);
  return g_strdup_printf (size >= 1e-4 ? "%.*f" : "%.*g", size >= 1e-4 ? MAX (3 - (int) floor (log10 (size)), 0) : 4,
                          value);
}

char *
op_format_result (double number, gboolean has_sign)
{
  double size = fabs (number);

  /* %g would take an exponent. */
  if (size >= 1e7 && size < 1e15)
    return g_strdup_printf (has_sign ? "%+.0f" : "%.0f", number);
  return g_strdup_printf (has_sign ? "%+.7g" : "%.7g", number);
}

/* Rounded up, as it is to be no more than that. */
char *
op_format_offset_bounds (gint64 offset_us, gint64 uncertainty_us)
{
  g_autofree char *offset = op_format_offset (offset_us, uncertainty_us);
  double uncertainty = (double) uncertainty_us / OP_US_PER_S;

  if (uncertainty_us >= 500000)
    return g_strdup_printf (_("%s ± %.0f s"), offset, ceil (uncertainty));
  return g_strdup_printf (_("%s ± %.2f s"), offset, ceil (uncertainty * 100) / 100);
}

char *
op_format_utc_offset (gint utc_offset_s)
{
  const char *sign = utc_offset_s < 0 ? "−" : "+";
  gint minutes = ABS (utc_offset_s) / 60;

  if (utc_offset_s == 0)
    return g_strdup ("UTC");
  if (minutes % 60 == 0)
    return g_strdup_printf ("UTC%s%d", sign, minutes / 60);
  return g_strdup_printf ("UTC%s%d:%02d", sign, minutes / 60, minutes % 60);
}

/* Logger time has no zone of its own: all is reckoned as if it were UTC. */
char *
op_format_time (OpTime time, const char *format)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (op_time_to_unix_us (time, 0) / (gint64) OP_US_PER_S);

  return date != NULL ? g_date_time_format (date, format) : g_strdup ("");
}
