/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/fault-transport.h"

#include <glib/gi18n-lib.h>

static const char *const kind_names[OP_N_FAULTS + 1] = {
  "bit-flip", "byte-drop", "byte-dup", "frame-drop", "frame-dup", "frame-delay", "frame-reorder", "disconnect",
  "reboot", NULL,
};

static gboolean
parse_rate (const char *text, double *rate)
{
  char *end;

  *rate = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *rate >= 0 && *rate <= 1;
}

static gboolean
parse_fault (const char *text, OpFaults *faults, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  g_autofree char *kinds = g_strjoinv (", ", (char **) kind_names);
  double rate;

  for (guint kind = 0; kind < OP_N_FAULTS; kind++)
    {
      if (g_strcmp0 (parts[0], kind_names[kind]) != 0)
        continue;
      if (parts[1] == NULL || !parse_rate (parts[1], &rate))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("“%s”: a fault's rate is a number from 0 to 1, as in %s:0.01"), text, parts[0]);
          return FALSE;
        }
      faults->rates[kind] = rate;
      return TRUE;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is no kind of fault; there are %s"), text,
               kinds);
  return FALSE;
}

gboolean
op_faults_parse (const char *text, OpFaults *faults, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  OpFaults parsed = { { 0 } };

  /* An empty text has no items, but is no fault either. */
  for (guint i = 0; i == 0 || items[i] != NULL; i++)
    if (!parse_fault (items[i] != NULL ? items[i] : "", &parsed, error))
      return FALSE;
  *faults = parsed;
  return TRUE;
}
