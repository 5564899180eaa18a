/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/table-source.h"

#include "app/engine/interval-words.h"
#include "app/ui/field-item.h"
#include "app/ui/format.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

struct _OpTableSource
{
  GObject        parent_instance;

  OpStore       *store;
  OpIncarnation *incarnation;
  OpBatch       *batch;
  GListStore    *fields; /* of OpFieldItem; NULL until asked for */
  char          *title;
  char          *summary;
};

G_DEFINE_FINAL_TYPE (OpTableSource, op_table_source, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SUMMARY,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void
take_text (OpTableSource *self, char **place, char *text, guint property)
{
  gboolean changed = g_strcmp0 (*place, text) != 0;

  g_free (*place);
  *place = text;
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
describe (OpTableSource *self, gboolean old)
{
  const OpTable *table = op_table_source_get_table (self);
  g_autofree char *interval = op_interval_dup_words (table->interval);
  g_autofree char *count = op_format_count (op_table_source_get_n_records (self));

  if (old)
    take_text (self, &self->title,
               g_strdup_printf (_("%s (generation %u)"), table->name, self->incarnation->generation), PROP_TITLE);
  else
    take_text (self, &self->title, g_strdup (table->name), PROP_TITLE);
  /* A data file does not tell the interval of its table. */
  if (self->batch != NULL)
    take_text (self, &self->summary, g_steal_pointer (&count), PROP_SUMMARY);
  else
    take_text (self, &self->summary, g_strdup_printf ("%s · %s", interval, count), PROP_SUMMARY);
}

static void
op_table_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpTableSource *self = OP_TABLE_SOURCE (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SUMMARY:
      g_value_set_string (value, self->summary);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_table_source_finalize (GObject *object)
{
  OpTableSource *self = OP_TABLE_SOURCE (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  g_clear_pointer (&self->batch, op_batch_unref);
  g_clear_object (&self->fields);
  g_free (self->title);
  g_free (self->summary);
  G_OBJECT_CLASS (op_table_source_parent_class)->finalize (object);
}

static void
op_table_source_class_init (OpTableSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = op_table_source_get_property;
  object_class->finalize = op_table_source_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SUMMARY]
    = g_param_spec_string ("summary", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
op_table_source_init (OpTableSource *self)
{
}

OpTableSource *
op_table_source_new_incarnation (OpStore *store, OpIncarnation *incarnation, gboolean old)
{
  OpTableSource *self = g_object_new (OP_TYPE_TABLE_SOURCE, NULL);

  self->store = g_object_ref (store);
  self->incarnation = op_incarnation_ref (incarnation);
  describe (self, old);
  return self;
}

OpTableSource *
op_table_source_new_batch (OpBatch *batch)
{
  OpTableSource *self = g_object_new (OP_TYPE_TABLE_SOURCE, NULL);

  self->batch = op_batch_ref (batch);
  describe (self, FALSE);
  return self;
}

void
op_table_source_update (OpTableSource *self, OpIncarnation *incarnation, gboolean old)
{
  g_return_if_fail (self->incarnation != NULL && self->incarnation->id == incarnation->id);

  op_incarnation_ref (incarnation);
  op_incarnation_unref (self->incarnation);
  self->incarnation = incarnation;
  describe (self, old);
}

OpStore *
op_table_source_get_store (OpTableSource *self)
{
  return self->store;
}

OpIncarnation *
op_table_source_get_incarnation (OpTableSource *self)
{
  return self->incarnation;
}

OpBatch *
op_table_source_get_batch (OpTableSource *self)
{
  return self->batch;
}

OpTable *
op_table_source_get_table (OpTableSource *self)
{
  return self->batch != NULL ? op_batch_get_table (self->batch) : self->incarnation->table;
}

const char *
op_table_source_get_title (OpTableSource *self)
{
  return self->title;
}

const char *
op_table_source_get_summary (OpTableSource *self)
{
  return self->summary;
}

guint64
op_table_source_get_n_records (OpTableSource *self)
{
  return self->batch != NULL ? op_batch_get_n_records (self->batch) : self->incarnation->n_records;
}

GListModel *
op_table_source_get_fields (OpTableSource *self)
{
  if (self->fields == NULL)
    {
      OpTable *table = op_table_source_get_table (self);
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < table->n_columns; i++)
        g_ptr_array_add (items, op_field_item_new (table, i));
      self->fields = g_list_store_new (OP_TYPE_FIELD_ITEM);
      g_list_store_splice (self->fields, 0, 0, items->pdata, items->len);
    }
  return G_LIST_MODEL (self->fields);
}

guint *
op_table_source_dup_chosen (OpTableSource *self, guint *n_columns)
{
  GListModel *fields = op_table_source_get_fields (self);
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (OpFieldItem) item = g_list_model_get_item (fields, i);

      if (op_field_item_get_chosen (item))
        g_array_append_val (columns, i);
    }
  *n_columns = columns->len;
  return (guint *) g_array_free (g_steal_pointer (&columns), FALSE);
}

void
op_table_source_choose_none (OpTableSource *self)
{
  GListModel *fields = op_table_source_get_fields (self);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (OpFieldItem) item = g_list_model_get_item (fields, i);

      op_field_item_set_chosen (item, FALSE);
    }
}

void
op_table_source_choose_first (OpTableSource *self, guint n)
{
  GListModel *fields = op_table_source_get_fields (self);

  for (guint i = 0; i < g_list_model_get_n_items (fields) && n > 0; i++)
    {
      g_autoptr (OpFieldItem) item = g_list_model_get_item (fields, i);

      if (!op_field_item_get_plottable (item))
        continue;
      op_field_item_set_chosen (item, TRUE);
      n--;
    }
}

void
op_table_source_choose_names (OpTableSource *self, const char *const *names)
{
  GListModel *fields = op_table_source_get_fields (self);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (names[i], "=", 2);
      gint column = parts[0] != NULL ? op_table_find_column (op_table_source_get_table (self), parts[0]) : -1;
      g_autoptr (OpFieldItem) item = column >= 0 ? g_list_model_get_item (fields, (guint) column) : NULL;
      OpPlotLook look;

      if (item == NULL || !op_field_item_get_plottable (item))
        continue;
      op_field_item_set_chosen (item, TRUE);
      if (parts[1] != NULL && op_plot_look_parse (parts[1], &look))
        op_field_item_set_look (item, &look);
    }
}

gboolean
op_table_source_matches (OpTableSource *self, const char *needle)
{
  GListModel *fields = op_table_source_get_fields (self);
  g_autofree char *title = g_utf8_casefold (self->title, -1);
  g_autofree char *folded = g_utf8_casefold (needle, -1);

  if (strstr (title, folded) != NULL)
    return TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (OpFieldItem) item = g_list_model_get_item (fields, i);

      if (op_field_item_matches (item, needle))
        return TRUE;
    }
  return FALSE;
}
