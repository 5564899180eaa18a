/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/live-choice.h"

#define N_DEFAULT_FIELDS 12

struct _OpLiveChoice
{
  char      **names;       /* as chosen; NULL: the first ones */
  GListStore *fields;      /* OpLiveField */
  GPtrArray  *definitions; /* OpTable; NULL: not known */
  GPtrArray  *tables;      /* OpLiveTable: those that fields are of */
};

OpLiveChoice *
op_live_choice_new (void)
{
  OpLiveChoice *self = g_new0 (OpLiveChoice, 1);

  self->fields = g_list_store_new (OP_TYPE_LIVE_FIELD);
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_live_table_unref);
  return self;
}

void
op_live_choice_free (OpLiveChoice *self)
{
  g_strfreev (self->names);
  g_object_unref (self->fields);
  g_clear_pointer (&self->definitions, g_ptr_array_unref);
  g_ptr_array_unref (self->tables);
  g_free (self);
}

static gboolean
is_same_table (const OpTable *a, const OpTable *b)
{
  return a == b || (a->number == b->number && g_bytes_equal (a->definition, b->definition));
}

static OpLiveTable *
find_table (const GPtrArray *tables, const OpTable *definition)
{
  for (guint i = 0; i < tables->len; i++)
    {
      OpLiveTable *table = g_ptr_array_index (tables, i);

      if (is_same_table (table->table, definition))
        return table;
    }
  return NULL;
}

/* Finds @field in the definitions, in a table that is looked at already or is from now on. */
static void
place_field (OpLiveChoice *self, OpLiveField *field, const GPtrArray *earlier)
{
  g_autoptr (GError) error = NULL;
  OpValueSpan *span = op_value_span_resolve (self->definitions, op_live_field_get_name (field), 0, &error);
  OpLiveTable *table = span != NULL ? find_table (self->tables, span->definition) : NULL;

  if (span != NULL && table == NULL)
    {
      table = find_table (earlier, span->definition);
      table = table != NULL ? op_live_table_ref (table) : op_live_table_new (span->definition);
      g_ptr_array_add (self->tables, table);
    }
  op_live_field_set_place (field, span, table, error != NULL ? error->message : NULL);
}

static void
place_fields (OpLiveChoice *self)
{
  g_autoptr (GPtrArray) earlier = g_steal_pointer (&self->tables);

  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_live_table_unref);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->fields)); i++)
    {
      g_autoptr (OpLiveField) field = g_list_model_get_item (G_LIST_MODEL (self->fields), i);

      place_field (self, field, earlier);
    }
}

static OpLiveField *
find_field (const GPtrArray *fields, const char *name)
{
  for (guint i = 0; i < fields->len; i++)
    if (g_str_equal (op_live_field_get_name (g_ptr_array_index (fields, i)), name))
      return g_object_ref (g_ptr_array_index (fields, i));
  return op_live_field_new (name);
}

static void
make_fields (OpLiveChoice *self, const char *const *names)
{
  g_autoptr (GPtrArray) earlier = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->fields));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (earlier, g_list_model_get_item (G_LIST_MODEL (self->fields), i));
  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (fields, find_field (earlier, names[i]));
  g_list_store_splice (self->fields, 0, n, fields->pdata, fields->len);
  if (self->definitions != NULL)
    place_fields (self);
}

static OpTable *
find_default_table (const GPtrArray *definitions)
{
  for (guint i = 0; i < definitions->len; i++)
    {
      OpTable *table = g_ptr_array_index (definitions, i);

      if (g_ascii_strcasecmp (table->name, "Public") == 0)
        return table;
    }
  return definitions->len > 0 ? g_ptr_array_index (definitions, 0) : NULL;
}

static void
make_default_fields (OpLiveChoice *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const OpTable *table = find_default_table (self->definitions);

  for (guint i = 0; table != NULL && i < table->n_fields && names->len < N_DEFAULT_FIELDS; i++)
    /* A long array comes in several pieces. */
    if (table->fields[i].begin_index <= 1)
      g_ptr_array_add (names, g_strconcat (table->name, ".", table->fields[i].name, NULL));
  g_ptr_array_add (names, NULL);
  make_fields (self, (const char *const *) names->pdata);
}

void
op_live_choice_set_names (OpLiveChoice *self, const char *const *names)
{
  char **copy = g_strdupv ((char **) names);

  g_strfreev (self->names);
  self->names = copy;
  if (copy != NULL)
    make_fields (self, (const char *const *) copy);
  else if (self->definitions != NULL)
    make_default_fields (self);
}

void
op_live_choice_set_definitions (OpLiveChoice *self, GPtrArray *definitions)
{
  if (definitions == self->definitions)
    return;
  g_clear_pointer (&self->definitions, g_ptr_array_unref);
  self->definitions = g_ptr_array_ref (definitions);
  if (self->names != NULL)
    place_fields (self);
  else
    make_default_fields (self);
}

GPtrArray *
op_live_choice_get_definitions (OpLiveChoice *self)
{
  return self->definitions;
}

GListModel *
op_live_choice_get_fields (OpLiveChoice *self)
{
  return G_LIST_MODEL (self->fields);
}

OpLiveTable *
op_live_choice_get_table (OpLiveChoice *self, guint i)
{
  return i < self->tables->len ? g_ptr_array_index (self->tables, i) : NULL;
}

void
op_live_choice_update (OpLiveChoice *self, gint64 now_us, gint64 interval_us, const char *lost)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->fields)); i++)
    {
      g_autoptr (OpLiveField) field = g_list_model_get_item (G_LIST_MODEL (self->fields), i);

      op_live_field_update (field, now_us, interval_us, lost);
    }
}
