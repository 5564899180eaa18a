/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/station-status.h"

#include "protocol/transport/transport.h"

#include <glib/gi18n-lib.h>

#define MINUTE_S (OP_MINUTE / OP_SECOND)
#define HOUR_S   (OP_HOUR / OP_SECOND)
#define DAY_S    (OP_DAY / OP_SECOND)

char *
op_status_dup_age (gint64 then_us, gint64 now_us)
{
  gint64 age = (now_us - then_us) / G_USEC_PER_SEC;
  if (age < MINUTE_S)
    return g_strdup (_("Just now"));
  if (age < HOUR_S)
    return g_strdup_printf (_("%d min ago"), (gint) (age / MINUTE_S));
  if (age < DAY_S)
    return g_strdup_printf (_("%d h ago"), (gint) (age / HOUR_S));
  gint days = (gint) MIN (age / DAY_S, G_MAXINT);
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong) days), days);
}

char *
op_status_dup_offset (gint64 offset_us)
{
  const char *sign = offset_us < 0 ? "−" : "+";
  /* Rounded, as a clock that is wrong by an hour is rarely so to the microsecond. */
  gint64 seconds = (ABS (offset_us) + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
  gint64 minutes = (seconds + MINUTE_S / 2) / MINUTE_S;
  if (seconds < MINUTE_S)
    return g_strdup_printf (_("clock %s%.2f s"), sign, (double) ABS (offset_us) / G_USEC_PER_SEC);
  if (seconds < HOUR_S)
    return g_strdup_printf (_("clock %s%d min %d s"), sign, (gint) (seconds / MINUTE_S), (gint) (seconds % MINUTE_S));
  if (seconds < DAY_S)
    return g_strdup_printf (_("clock %s%d h %d min"), sign, (gint) (minutes / 60), (gint) (minutes % 60));
  gint days = (gint) MIN (seconds / DAY_S, G_MAXINT);
  return g_strdup_printf (ngettext ("clock %s%d day", "clock %s%d days", (gulong) days), sign, days);
}

/* Errors that mean that nobody answers, whatever the reason. */
static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER)
         || g_error_matches (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_TIMED_OUT)
         || g_error_matches (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_UNREACHABLE);
}

static char *
dup_silence (gint64 since_us, gint64 now_us)
{
  if (since_us == 0)
    return g_strdup (_("No answer"));
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (since_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *text = g_date_time_format (local, (now_us - since_us) / G_USEC_PER_SEC < DAY_S ? "%H:%M" : "%x");
  return g_strdup_printf (_("No answer since %s"), text);
}

char *
op_status_dup_text (const OpStationRecord *record, const GError *error, gint64 now_us)
{
  if (error != NULL && is_silence (error))
    return dup_silence (record->last_collected_us, now_us);
  if (error != NULL)
    return g_strdup (error->message);
  if (record->last_collected_us == 0)
    return g_strdup (_("Never collected"));
  g_autofree char *age = op_status_dup_age (record->last_collected_us, now_us);
  if (!record->last_offset_known)
    return g_steal_pointer (&age);
  g_autofree char *offset = op_status_dup_offset (record->last_offset_us);
  return g_strdup_printf ("%s · %s", age, offset);
}
