/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/picture-fields.h"

#include <string.h>

GArray *
op_picture_fields_list (const OpTable *table)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < table->n_columns; i++)
    if (op_type_kind (op_table_get_column (table, i, NULL)->type) == OP_KIND_NUMBER)
      g_array_append_val (columns, i);
  return columns;
}

static gboolean
contains_any (const char *text, const char *const *words)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* How much a field looks like a wind's direction (@place 0) or its speed (1); 0: not at all. */
static guint
rate_wind (const OpTable *table, guint column, guint place)
{
  static const char *const names[][4] = { { "winddir", "wd", "dir", NULL }, { "windsp", "ws", "wind", NULL } };
  static const char *const units[][13] = {
    { "deg", "degs", "degree", "degrees", "°", NULL },
    { "m/s", "m s-1", "meters/second", "metres/second", "km/h", "kmh", "kph", "mph", "miles/hour", "kn", "knot",
      "knots", NULL },
  };
  static const char *const deviations[] = { "std", "sd1", NULL };
  const OpField *field = op_table_get_column (table, column, NULL);
  g_autofree char *unit = g_utf8_strdown (field->units, -1);

  /* "Deg C" is no direction, and what has no unit may be anything. */
  if (!g_strv_contains (units[place], g_strstrip (unit)))
    return 0;
  /* How much it varies is neither. */
  if (g_str_equal (field->processing, "Std") || contains_any (field->name, deviations))
    return 1;
  return contains_any (field->name, names[place]) ? 3 : 2;
}

static gint
choose_wind (const OpTable *table, const GArray *columns, guint place)
{
  gint best = -1;
  guint best_rate = 0;

  for (guint i = 0; i < columns->len; i++)
    {
      guint rate = rate_wind (table, g_array_index (columns, guint, i), place);

      if (rate > best_rate)
        {
          best = (gint) i;
          best_rate = rate;
        }
    }
  return best;
}

gint
op_picture_fields_choose (const OpTable *table, const GArray *columns, const guint *chosen, guint n_chosen,
                          OpPictureKind kind, guint place)
{
  if (kind == OP_PICTURE_ROSE)
    return choose_wind (table, columns, place);
  for (guint i = 0; i < columns->len; i++)
    if (place < n_chosen && g_array_index (columns, guint, i) == chosen[place])
      return (gint) i;
  return (gint) MIN (place + 1, columns->len) - 1;
}
