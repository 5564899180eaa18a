/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/pak-logger.h"
#include "protocol/pakbus/setting.h"

G_BEGIN_DECLS

/*
 * Settings of an open PakLogger. CR1000 types have them by number (DevConfig, manual 2.2.6), the CR200 as strings
 * (manual 2.2.5). Setting by number is done in a session: settings-session.h.
 */

/** PakDeviceSettings: what a device tells of its settings. */
typedef struct
{
  guint      device_type; /* 12: CR1000 type */
  guint      major;       /* which settings there are */
  guint      minor;
  GPtrArray *settings;    /* of PakSetting, in the device's own order, which is that of its display */
} PakDeviceSettings;
void              pak_device_settings_free (PakDeviceSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakDeviceSettings, pak_device_settings_free)
/** NULL when the device did not give it. */
const PakSetting *pak_device_settings_find (const PakDeviceSettings *settings, guint16 id);

/**
 * Reads settings @first to @last (0 and 65535: all there are), values longer than a packet included. Devices may count
 * from one to the other by number or by place in their own order: ask for one, or for all. Fails with OP_LOGGER_ERROR.
 */
void               pak_settings_read_async  (PakLogger *logger, guint16 first, guint16 last, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
PakDeviceSettings *pak_settings_read_finish (PakLogger *logger, GAsyncResult *result, GError **error);

/** What became of one setting that was to be set. */
typedef struct
{
  guint16 id;
  GError *error; /* NULL: it is to be changed; else PAK_SETTINGS_ERROR */
} PakSettingOutcome;
void pak_setting_outcome_free (PakSettingOutcome *outcome);

/** PakNamedSetting: "Model" and "CR200". */
typedef struct
{
  char *name;
  char *value;
} PakNamedSetting;
PakNamedSetting *pak_named_setting_new  (const char *name, const char *value);
void             pak_named_setting_free (PakNamedSetting *setting);
/** Of "name=value;name=value;", each parted at its first "=". Returns: (element-type PakNamedSetting) */
GPtrArray       *pak_named_settings_parse (const char *text);
/** The value of @name, or NULL. */
const char      *pak_named_settings_find  (GPtrArray *settings, const char *name);

/** @names: NULL-terminated; NULL: all. Fails with OP_LOGGER_ERROR. */
void       pak_settings_get_named_async  (PakLogger *logger, const char *const *names, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data);
/** Returns: (element-type PakNamedSetting) */
GPtrArray *pak_settings_get_named_finish (PakLogger *logger, GAsyncResult *result, GError **error);
/**
 * Sets them in order, in as many commands as the device's packets need; those before one that is refused are set.
 * @settings: (element-type PakNamedSetting). After a lost answer the settings are read back, and only what
 * differs is set again. Fails with OP_LOGGER_ERROR, or PAK_SETTINGS_ERROR naming the setting.
 */
void       pak_settings_set_named_async  (PakLogger *logger, GPtrArray *settings, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data);
gboolean   pak_settings_set_named_finish (PakLogger *logger, GAsyncResult *result, GError **error);

G_END_DECLS
