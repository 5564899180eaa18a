/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/field-item.h"

#include <glib/gi18n.h>

struct _OpFieldItem
{
  GObject        parent_instance;

  OpTable       *table;
  const OpField *field; /* owned by the table */
  guint          column;
  char          *name;
  char          *details;
  gboolean       chosen;
  OpPlotLook     look;
};

G_DEFINE_FINAL_TYPE (OpFieldItem, op_field_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_UNITS,
  PROP_DETAILS,
  PROP_PLOTTABLE,
  PROP_CHOSEN,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void
append_detail (GString *details, const char *text)
{
  if (text[0] == '\0')
    return;
  if (details->len > 0)
    g_string_append (details, " · ");
  g_string_append (details, text);
}

static char *
dup_details (const OpField *field)
{
  GString *details = g_string_new (NULL);

  append_detail (details, field->processing);
  append_detail (details, op_type_name (field->type));
  append_detail (details, field->units);
  /* Loggers commonly describe a field by its processing once more. */
  if (!g_str_equal (field->description, field->processing))
    append_detail (details, field->description);
  return g_string_free (details, FALSE);
}

static gboolean
contains (const char *text, const char *folded_needle)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, folded_needle) != NULL;
}

static void
op_field_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpFieldItem *self = OP_FIELD_ITEM (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_UNITS:
      g_value_set_string (value, self->field->units);
      break;
    case PROP_DETAILS:
      g_value_set_string (value, self->details);
      break;
    case PROP_PLOTTABLE:
      g_value_set_boolean (value, op_field_item_get_plottable (self));
      break;
    case PROP_CHOSEN:
      g_value_set_boolean (value, self->chosen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_field_item_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CHOSEN:
      op_field_item_set_chosen (OP_FIELD_ITEM (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_field_item_finalize (GObject *object)
{
  OpFieldItem *self = OP_FIELD_ITEM (object);

  g_free (self->name);
  g_free (self->details);
  op_table_unref (self->table);
  G_OBJECT_CLASS (op_field_item_parent_class)->finalize (object);
}

static void
op_field_item_class_init (OpFieldItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = op_field_item_get_property;
  object_class->set_property = op_field_item_set_property;
  object_class->finalize = op_field_item_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_UNITS] = g_param_spec_string ("units", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DETAILS]
    = g_param_spec_string ("details", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLOTTABLE]
    = g_param_spec_boolean ("plottable", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHOSEN] = g_param_spec_boolean (
    "chosen", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
op_field_item_init (OpFieldItem *self)
{
}

OpFieldItem *
op_field_item_new (OpTable *table, guint column)
{
  OpFieldItem *self = g_object_new (OP_TYPE_FIELD_ITEM, NULL);

  self->table = op_table_ref (table);
  self->column = column;
  self->field = op_table_get_column (table, column, NULL);
  self->name = op_table_dup_column_name (table, column);
  self->details = dup_details (self->field);
  self->look = op_plot_look_choose (self->field);
  return self;
}

guint
op_field_item_get_column (OpFieldItem *self)
{
  return self->column;
}

const char *
op_field_item_get_name (OpFieldItem *self)
{
  return self->name;
}

const char *
op_field_item_get_units (OpFieldItem *self)
{
  return self->field->units;
}

const char *
op_field_item_get_details (OpFieldItem *self)
{
  return self->details;
}

gboolean
op_field_item_get_plottable (OpFieldItem *self)
{
  return op_type_kind (self->field->type) == OP_KIND_NUMBER;
}

gboolean
op_field_item_get_chosen (OpFieldItem *self)
{
  return self->chosen;
}

void
op_field_item_set_chosen (OpFieldItem *self, gboolean chosen)
{
  if (self->chosen == chosen)
    return;
  self->chosen = chosen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}

const OpPlotLook *
op_field_item_get_look (OpFieldItem *self)
{
  return &self->look;
}

void
op_field_item_set_look (OpFieldItem *self, const OpPlotLook *look)
{
  self->look = *look;
}

gboolean
op_field_item_has_band (OpFieldItem *self)
{
  guint low, high;

  return op_plot_look_find_band (self->table, self->column, &low, &high);
}

char *
op_field_item_dup_text (OpFieldItem *self)
{
  OpPlotLook usual = op_plot_look_choose (self->field);
  g_autofree char *look = op_plot_look_dup_text (&self->look);

  if (self->look.form == usual.form && self->look.place == usual.place)
    return g_strdup (self->name);
  return g_strconcat (self->name, "=", look, NULL);
}

gboolean
op_field_item_matches (OpFieldItem *self, const char *needle)
{
  g_autofree char *folded = g_utf8_casefold (needle, -1);

  return contains (self->name, folded) || contains (self->field->units, folded)
         || contains (self->field->processing, folded);
}
