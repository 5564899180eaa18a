/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/message-private.h"

#include <string.h>

/* Fields of one name may differ in what they hold (P1 of a collect command is a number or a time). */
typedef enum
{
  HOLDS_NUMBER,
  HOLDS_TIME,
  HOLDS_TEXT,
  HOLDS_BYTES,
  HOLDS_GROUPS,
} Holding;

static Holding
get_holding (const PakFieldDesc *field)
{
  switch (field->kind)
    {
    case PAK_FIELD_NSEC:
      return HOLDS_TIME;
    case PAK_FIELD_ASCIIZ:
      return HOLDS_TEXT;
    case PAK_FIELD_BYTES:
      return HOLDS_BYTES;
    case PAK_FIELD_GROUP:
      return HOLDS_GROUPS;
    default:
      return HOLDS_NUMBER;
    }
}

static gint
find_field (const PakMessage *message, const char *name, Holding holding)
{
  for (guint i = 0; i < message->n_fields; i++)
    if (get_holding (&message->fields[i]) == holding && strcmp (message->fields[i].name, name) == 0)
      return (gint) i;
  return -1;
}

static PakValue *
get_value (const PakMessage *message, const char *name, Holding holding)
{
  gint i = find_field (message, name, holding);

  g_return_val_if_fail (i >= 0, NULL);
  return (PakValue *) &message->values[i];
}

static void
clear_value (PakValue *value, const PakFieldDesc *field)
{
  if (!value->is_set)
    return;
  switch (get_holding (field))
    {
    case HOLDS_TEXT:
      g_free (value->text);
      break;
    case HOLDS_BYTES:
      g_bytes_unref (value->bytes);
      break;
    case HOLDS_GROUPS:
      g_ptr_array_unref (value->groups);
      break;
    default:
      break;
    }
  value->is_set = FALSE;
}

/* The number of an earlier field, of this message or of the one that it is an element of. */
static guint32
get_selector (const PakMessage *message, const char *name)
{
  for (; message != NULL; message = message->parent)
    {
      gint i = find_field (message, name, HOLDS_NUMBER);

      if (i >= 0)
        return message->values[i].number;
    }
  g_return_val_if_reached (0);
}

static gboolean
is_selected (const PakMessage *message, const PakFieldDesc *field)
{
  guint32 value = get_selector (message, field->selector);

  return value < 32 && (field->values & 1u << value) != 0;
}

static PakMessage *
alloc_message (const PakMessageDesc *desc, const PakFieldDesc *fields, guint n_fields)
{
  PakMessage *message = g_malloc0 (sizeof (PakMessage) + n_fields * sizeof (PakValue));

  message->desc = desc;
  message->fields = fields;
  message->n_fields = n_fields;
  return message;
}

PakMessage *
pak_message_alloc (const PakMessageDesc *desc)
{
  return alloc_message (desc, desc->fields, desc->n_fields);
}

PakMessage *
pak_message_add_child (PakMessage *message, guint field)
{
  const PakFieldDesc *group = &message->fields[field];
  PakValue *value = &message->values[field];
  PakMessage *child = alloc_message (message->desc, group->fields, group->n_fields);

  if (!value->is_set)
    value->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_message_free);
  value->is_set = TRUE;
  child->parent = message;
  g_ptr_array_add (value->groups, child);
  return child;
}

gboolean
pak_message_wants_field (const PakMessage *message, guint i)
{
  const PakFieldDesc *field = &message->fields[i];

  return field->presence != PAK_PRESENT_IF || is_selected (message, field);
}

gboolean
pak_message_may_end_at (const PakMessage *message, guint i)
{
  const PakFieldDesc *field = &message->fields[i];

  return field->presence == PAK_PRESENT_OPTIONAL
         || (field->presence == PAK_PRESENT_DONE && !is_selected (message, field));
}

const PakMessageDesc *
pak_message_desc_find (PakProtocol protocol, guint8 type)
{
  for (guint i = 0; i < pak_n_message_descs; i++)
    if (pak_message_descs[i].protocol == protocol && pak_message_descs[i].type == type)
      return &pak_message_descs[i];
  return NULL;
}

const PakMessageDesc *
pak_message_desc_list (guint *n_descs)
{
  *n_descs = pak_n_message_descs;
  return pak_message_descs;
}

const char *
pak_message_desc_get_name (const PakMessageDesc *desc)
{
  return desc->name;
}

PakProtocol
pak_message_desc_get_protocol (const PakMessageDesc *desc)
{
  return desc->protocol;
}

guint8
pak_message_desc_get_type (const PakMessageDesc *desc)
{
  return desc->type;
}

PakMessage *
pak_message_new (PakProtocol protocol, guint8 type, guint8 transaction)
{
  const PakMessageDesc *desc = pak_message_desc_find (protocol, type);
  PakMessage *message;

  g_return_val_if_fail (desc != NULL, NULL);

  message = pak_message_alloc (desc);
  message->transaction = transaction;
  return message;
}

void
pak_message_free (PakMessage *message)
{
  if (message == NULL)
    return;
  for (guint i = 0; i < message->n_fields; i++)
    clear_value (&message->values[i], &message->fields[i]);
  g_free (message);
}

const PakMessageDesc *
pak_message_get_desc (const PakMessage *message)
{
  return message->desc;
}

guint8
pak_message_get_transaction (const PakMessage *message)
{
  return message->transaction;
}

void
pak_message_set_transaction (PakMessage *message, guint8 transaction)
{
  message->transaction = transaction;
}

void
pak_message_set_uint (PakMessage *message, const char *field, guint32 value)
{
  gint i = find_field (message, field, HOLDS_NUMBER);

  g_return_if_fail (i >= 0);
  g_return_if_fail ((guint64) value >> pak_field_get_width (&message->fields[i]) == 0);

  message->values[i].number = value;
  message->values[i].is_set = TRUE;
}

void
pak_message_set_time (PakMessage *message, const char *field, OpTime time)
{
  PakValue *value = get_value (message, field, HOLDS_TIME);

  g_return_if_fail (value != NULL);

  op_time_to_parts (time, &value->time.sec, &value->time.nsec);
  value->is_set = TRUE;
}

void
pak_message_set_text (PakMessage *message, const char *field, const char *text)
{
  gint i = find_field (message, field, HOLDS_TEXT);

  g_return_if_fail (i >= 0);
  g_return_if_fail (text != NULL);

  clear_value (&message->values[i], &message->fields[i]);
  message->values[i].text = g_strdup (text);
  message->values[i].is_set = TRUE;
}

void
pak_message_set_bytes (PakMessage *message, const char *field, const guint8 *bytes, gsize length)
{
  gint i = find_field (message, field, HOLDS_BYTES);
  PakValue *value;

  g_return_if_fail (i >= 0);

  value = &message->values[i];
  clear_value (value, &message->fields[i]);
  value->bytes = g_bytes_new (bytes, length);
  value->is_set = TRUE;
  if (message->fields[i].length_field != NULL)
    pak_message_set_uint (message, message->fields[i].length_field, (guint32) length);
}

PakMessage *
pak_message_add_group (PakMessage *message, const char *group)
{
  gint i = find_field (message, group, HOLDS_GROUPS);

  g_return_val_if_fail (i >= 0, NULL);
  return pak_message_add_child (message, (guint) i);
}

gboolean
pak_message_has (const PakMessage *message, const char *field)
{
  for (guint i = 0; i < message->n_fields; i++)
    if (message->values[i].is_set && strcmp (message->fields[i].name, field) == 0)
      return TRUE;
  return FALSE;
}

guint32
pak_message_get_uint (const PakMessage *message, const char *field)
{
  const PakValue *value = get_value (message, field, HOLDS_NUMBER);

  return value != NULL && value->is_set ? value->number : 0;
}

OpTime
pak_message_get_time (const PakMessage *message, const char *field)
{
  const PakValue *value = get_value (message, field, HOLDS_TIME);

  if (value == NULL || !value->is_set)
    return OP_TIME_UNKNOWN;
  /* Some programs give a negative adjustment's nanoseconds the sign of its seconds (pakbus-facts H3). */
  if (value->time.sec <= 0 && value->time.nsec < 0 && value->time.nsec > -OP_SECOND)
    return value->time.sec * OP_SECOND + value->time.nsec;
  return op_time_from_parts (value->time.sec, value->time.nsec);
}

const char *
pak_message_get_text (const PakMessage *message, const char *field)
{
  const PakValue *value = get_value (message, field, HOLDS_TEXT);

  return value != NULL && value->is_set ? value->text : NULL;
}

const guint8 *
pak_message_get_bytes (const PakMessage *message, const char *field, gsize *length)
{
  const PakValue *value = get_value (message, field, HOLDS_BYTES);

  *length = 0;
  return value != NULL && value->is_set ? g_bytes_get_data (value->bytes, length) : NULL;
}

guint
pak_message_get_n_groups (const PakMessage *message, const char *group)
{
  const PakValue *value = get_value (message, group, HOLDS_GROUPS);

  return value != NULL && value->is_set ? value->groups->len : 0;
}

const PakMessage *
pak_message_get_group (const PakMessage *message, const char *group, guint i)
{
  const PakValue *value = get_value (message, group, HOLDS_GROUPS);

  g_return_val_if_fail (value != NULL && value->is_set && i < value->groups->len, NULL);
  return g_ptr_array_index (value->groups, i);
}
