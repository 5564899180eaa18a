/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/choice-item.h"

struct _OpChoiceItem
{
  GObject  parent_instance;
  char    *name;
  char    *note;
  gboolean chosen;
};

G_DEFINE_FINAL_TYPE (OpChoiceItem, op_choice_item, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_NOTE,
  PROP_CHOSEN,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void
op_choice_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpChoiceItem *self = OP_CHOICE_ITEM (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    case PROP_CHOSEN:
      g_value_set_boolean (value, self->chosen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_choice_item_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OpChoiceItem *self = OP_CHOICE_ITEM (object);

  switch (id)
    {
    case PROP_NAME:
      self->name = g_value_dup_string (value);
      break;
    case PROP_NOTE:
      self->note = g_value_dup_string (value);
      break;
    case PROP_CHOSEN:
      if (self->chosen == g_value_get_boolean (value))
        return;
      self->chosen = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, properties[PROP_CHOSEN]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_choice_item_finalize (GObject *object)
{
  OpChoiceItem *self = OP_CHOICE_ITEM (object);

  g_free (self->name);
  g_free (self->note);
  G_OBJECT_CLASS (op_choice_item_parent_class)->finalize (object);
}

static void
op_choice_item_class_init (OpChoiceItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = op_choice_item_get_property;
  object_class->set_property = op_choice_item_set_property;
  object_class->finalize = op_choice_item_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, once);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, once);
  properties[PROP_CHOSEN]
    = g_param_spec_boolean ("chosen", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
op_choice_item_init (OpChoiceItem *self)
{
}

OpChoiceItem *
op_choice_item_new (const char *name, const char *note, gboolean chosen)
{
  return g_object_new (OP_TYPE_CHOICE_ITEM, "name", name, "note", note, "chosen", chosen, NULL);
}

const char *
op_choice_item_get_name (OpChoiceItem *self)
{
  return self->name;
}

const char *
op_choice_item_get_note (OpChoiceItem *self)
{
  return self->note;
}

gboolean
op_choice_item_get_chosen (OpChoiceItem *self)
{
  return self->chosen;
}
