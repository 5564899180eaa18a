/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/interval-words.h"

#include <glib/gi18n-lib.h>

char *
op_interval_dup_words (OpTime interval)
{
  static const struct
  {
    OpTime      length;
    const char *unit;
  } units[] = {
    { OP_HOUR, N_("h") },           { OP_MINUTE, N_("min") },           { OP_SECOND, N_("s") },
    { OP_SECOND / 1000, N_("ms") }, { OP_SECOND / 1000000, N_("µs") },
  };
  glong days = (glong) (interval / OP_DAY);

  if (interval == 0)
    return g_strdup (_("event"));
  if (interval % OP_DAY == 0)
    return g_strdup_printf (ngettext ("%ld day", "%ld days", (gulong) days), days);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (interval % units[i].length == 0)
      /* Translators: a number and a unit of time, "10 min" */
      return g_strdup_printf (_("%ld %s"), (glong) (interval / units[i].length), _(units[i].unit));
  return g_strdup_printf (_("%ld ns"), (glong) interval);
}
