/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/plot.h"

G_BEGIN_DECLS

/** OpPlotLook: how a person wants a field to be drawn. */
typedef struct
{
  OpPlotForm  form;
  OpPlotPlace place;
} OpPlotLook;

/** What suits a field: bars for totals, lines for all else, in the pane of its units. */
OpPlotLook op_plot_look_choose    (const OpField *field);
/** "steps", "own": for actions and for files. */
const char *op_plot_form_get_nick  (OpPlotForm form);
const char *op_plot_place_get_nick (OpPlotPlace place);
gboolean    op_plot_form_find      (const char *nick, OpPlotForm *form);
gboolean    op_plot_place_find     (const char *nick, OpPlotPlace *place);
/** "steps,own", as op_plot_look_parse() reads it. */
char       *op_plot_look_dup_text  (const OpPlotLook *look);
/** FALSE, and @look as it was, when it says something else. */
gboolean    op_plot_look_parse     (const char *text, OpPlotLook *look);
/** The columns with the minimum and the maximum of the one with an average: T_Min(2) and T_Max(2) for T_Avg(2). */
gboolean    op_plot_look_find_band (OpTable *table, guint column, guint *low, guint *high);

G_END_DECLS
