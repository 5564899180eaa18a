/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-look.h"

#include <string.h>

static const char *const forms[] = {
  [OP_PLOT_LINE] = "line", [OP_PLOT_STEPS] = "steps", [OP_PLOT_POINTS] = "points",
  [OP_PLOT_BARS] = "bars", [OP_PLOT_BAND] = "band",
};
static const char *const places[] = {
  [OP_PLOT_WITH_UNITS] = "units", [OP_PLOT_OWN_PANE] = "own", [OP_PLOT_RIGHT_AXIS] = "right",
};

OpPlotLook
op_plot_look_choose (const OpField *field)
{
  return (OpPlotLook) { op_plot_choose_form (field), OP_PLOT_WITH_UNITS };
}

const char *
op_plot_form_get_nick (OpPlotForm form)
{
  return forms[form];
}

const char *
op_plot_place_get_nick (OpPlotPlace place)
{
  return places[place];
}

/* The place of @nick, or -1. */
static int
find_nick (const char *const *nicks, guint n_nicks, const char *nick)
{
  for (guint i = 0; i < n_nicks; i++)
    if (g_str_equal (nick, nicks[i]))
      return (int) i;
  return -1;
}

gboolean
op_plot_form_find (const char *nick, OpPlotForm *form)
{
  int found = find_nick (forms, G_N_ELEMENTS (forms), nick);

  if (found >= 0)
    *form = (OpPlotForm) found;
  return found >= 0;
}

gboolean
op_plot_place_find (const char *nick, OpPlotPlace *place)
{
  int found = find_nick (places, G_N_ELEMENTS (places), nick);

  if (found >= 0)
    *place = (OpPlotPlace) found;
  return found >= 0;
}

char *
op_plot_look_dup_text (const OpPlotLook *look)
{
  return g_strconcat (forms[look->form], ",", places[look->place], NULL);
}

gboolean
op_plot_look_parse (const char *text, OpPlotLook *look)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 3);
  OpPlotLook parsed;

  if (g_strv_length (parts) != 2 || !op_plot_form_find (parts[0], &parsed.form)
      || !op_plot_place_find (parts[1], &parsed.place))
    return FALSE;
  *look = parsed;
  return TRUE;
}

/* The column whose name has @processing where @name has "_Avg", when it holds numbers. */
static gboolean
find_sibling (OpTable *table, const char *name, const char *processing, guint *column)
{
  const char *at = strstr (name, "_Avg");
  g_autofree char *before = g_strndup (name, (gsize) (at - name));
  g_autofree char *sibling = g_strconcat (before, processing, at + strlen ("_Avg"), NULL);
  gint found = op_table_find_column (table, sibling);

  if (found < 0 || op_type_kind (op_table_get_column (table, (guint) found, NULL)->type) != OP_KIND_NUMBER)
    return FALSE;
  *column = (guint) found;
  return TRUE;
}

gboolean
op_plot_look_find_band (OpTable *table, guint column, guint *low, guint *high)
{
  g_autofree char *name = op_table_dup_column_name (table, column);

  return strstr (name, "_Avg") != NULL && find_sibling (table, name, "_Min", low)
         && find_sibling (table, name, "_Max", high);
}
