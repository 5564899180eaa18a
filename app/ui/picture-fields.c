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

/* How much a field looks like a wind's direction (@place 0) or its speed (1). */
static guint
rate_wind (const OpTable *table, guint column, guint place)
{
  static const char *const direction_names[] = { "winddir", "wd", "dir", NULL };
  static const char *const direction_units[] = { "deg", "°", NULL };
  static const char *const speed_names[] = { "windsp", "ws", "wind", NULL };
  static const char *const speed_units[] = { "m/s", "km/h", "mph", "knot", "kn", NULL };
  const OpField *field = op_table_get_column (table, column, NULL);
  guint rate = contains_any (field->name, place == 0 ? direction_names : speed_names) ? 2 : 0;

  /* "Deg C" is no direction. */
  if (place == 0 && contains_any (field->units, (const char *const[]) { "c", "f", NULL }))
    return 0;
  return rate + (contains_any (field->units, place == 0 ? direction_units : speed_units) ? 1 : 0);
}

guint
op_picture_fields_choose (const OpTable *table, const GArray *columns, const guint *chosen, guint n_chosen,
                          OpPictureKind kind, guint place)
{
  guint best = 0, best_rate = 0;

  if (kind == OP_PICTURE_ROSE)
    {
      for (guint i = 0; i < columns->len; i++)
        {
          guint rate = rate_wind (table, g_array_index (columns, guint, i), place);

          if (rate > best_rate)
            {
              best = i;
              best_rate = rate;
            }
        }
      return best;
    }
  for (guint i = 0; i < columns->len; i++)
    if (place < n_chosen && g_array_index (columns, guint, i) == chosen[place])
      return i;
  return columns->len > 0 ? MIN (place, columns->len - 1) : 0;
}
