/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Settings that are what the station is. */
#define OP_SETTING_OS       0
#define OP_SETTING_SERIAL   1
#define OP_SETTING_NAME     2
#define OP_SETTING_ADDRESS  3
#define OP_SETTING_SECURITY 4
#define OP_SETTING_ROUTER   5

/** What becomes of a value (manual 2.2.6.2, SettingsOutcome). */
typedef enum
{
  OP_SETTING_TAGGED = 1,
  OP_SETTING_UNKNOWN = 2,
  OP_SETTING_MALFORMED = 3,
  OP_SETTING_READ_ONLY = 4,
  OP_SETTING_NO_MEMORY = 5,
} OpSettingOutcome;

typedef enum
{
  OP_SETTING_FIXED, /* as long as its first value */
  OP_SETTING_TEXT,  /* ends with its only NUL */
  OP_SETTING_BYTES, /* a list or structure of any length */
} OpSettingKind;

/** How a setting comes from the factory. */
typedef struct
{
  guint16       id;
  gboolean      read_only;
  OpSettingKind kind;
  gsize         length;
  const char   *value;
} OpSettingDefault;

extern const OpSettingDefault op_setting_defaults[];
extern const guint            op_n_setting_defaults;

typedef struct
{
  const OpSettingDefault *factory;
  GBytes                 *value;
  GBytes                 *tagged; /* to be changed at the commit, or NULL */
  GByteArray             *parts;  /* of a value that is coming in fragments, or NULL */
} OpVirtualSetting;

/**
 * OpVirtualSettings: the settings of a station, in the order in which it shows them, and the session of the one
 * client that may be changing them (manual 2.2.6).
 */
typedef struct _OpVirtualSettings OpVirtualSettings;

/** @session_us: after so long without a message of its client the session's changes are forgotten. */
OpVirtualSettings *op_virtual_settings_new       (gint64 session_us);
void               op_virtual_settings_free      (OpVirtualSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpVirtualSettings, op_virtual_settings_free)
guint              op_virtual_settings_get_n     (const OpVirtualSettings *settings);
OpVirtualSetting  *op_virtual_settings_get       (const OpVirtualSettings *settings, guint i);
/** Its place, or -1. */
gint               op_virtual_settings_find      (const OpVirtualSettings *settings, guint16 id);
/** The value in force becomes another without ado. */
void               op_virtual_settings_put       (OpVirtualSettings *settings, guint16 id, const void *value,
                                                  gsize length);

/**
 * A message of @client: ends a session that took too long, and lets its own last.
 * Returns: whether no other has one.
 */
gboolean           op_virtual_settings_enter     (OpVirtualSettings *settings, guint16 client);
OpSettingOutcome   op_virtual_settings_tag       (OpVirtualSettings *settings, guint16 client, guint16 id,
                                                  const guint8 *value, gsize length);
/** A piece of a value; pieces follow one another, or come again. The last one tags the whole. */
OpSettingOutcome   op_virtual_settings_tag_part  (OpVirtualSettings *settings, guint16 client, guint16 id,
                                                  guint32 offset, const guint8 *value, gsize length, gboolean is_last);
/** Tags all settings that can be changed with what they come with from the factory. */
void               op_virtual_settings_revert    (OpVirtualSettings *settings, guint16 client);
gboolean           op_virtual_settings_has_changes (const OpVirtualSettings *settings);
/** What is tagged gets in force; the session ends. */
void               op_virtual_settings_commit    (OpVirtualSettings *settings);
/** What is tagged is forgotten; the session ends. */
void               op_virtual_settings_cancel    (OpVirtualSettings *settings);

G_END_DECLS
