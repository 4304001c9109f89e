"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "20261123"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("time_zone_iana", sa.Text(), nullable=False),
        sa.Column("culture", sa.Text(), server_default="en-US", nullable=False),
        sa.Column("default_role_id", sa.Integer(), nullable=True),
        sa.Column("default_user_name_pattern", sa.Text(), server_default="Email", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(culture) <= 20", name=op.f("ck_organizations_culture_length")),
        sa.CheckConstraint("length(default_user_name_pattern) <= 50", name=op.f("ck_organizations_default_user_name_pattern_length")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_organizations_description_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_organizations_external_id_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_organizations_name_length")),
        sa.CheckConstraint("length(time_zone) <= 100", name=op.f("ck_organizations_time_zone_length")),
        sa.ForeignKeyConstraint(["parent_id"], ["organizations.id"], name=op.f("fk_organizations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("external_id", "parent_id", name=op.f("uq_organizations_external_id_parent_id")),
        sa.UniqueConstraint("path", name=op.f("uq_organizations_path")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(hash) <= 64", name=op.f("ck_api_keys_hash_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_api_keys_name_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_api_keys_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_api_keys_organization_id"), "api_keys", ["organization_id"], unique=False)
    op.create_table(
        "classrooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("administrative_notes", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("address1", sa.Text(), nullable=True),
        sa.Column("address2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 0 AND 2147483647", name=op.f("ck_classrooms_capacity_range")),
        sa.CheckConstraint("length(address1) <= 250", name=op.f("ck_classrooms_address1_length")),
        sa.CheckConstraint("length(address2) <= 250", name=op.f("ck_classrooms_address2_length")),
        sa.CheckConstraint("length(administrative_notes) <= 800", name=op.f("ck_classrooms_administrative_notes_length")),
        sa.CheckConstraint("length(city) <= 80", name=op.f("ck_classrooms_city_length")),
        sa.CheckConstraint("length(country) <= 80", name=op.f("ck_classrooms_country_length")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_classrooms_description_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_classrooms_external_id_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_classrooms_name_length")),
        sa.CheckConstraint("length(state) <= 50", name=op.f("ck_classrooms_state_length")),
        sa.CheckConstraint("length(zip) <= 20", name=op.f("ck_classrooms_zip_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_classrooms_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classrooms")),
        sa.UniqueConstraint("external_id", "organization_id", name=op.f("uq_classrooms_external_id_organization_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_classrooms_name_folded_id"), "classrooms", ["name_folded", "id"], unique=False)
    op.create_table(
        "companies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("owning_user_id", sa.Integer(), nullable=True),
        sa.Column("assignable_to_users", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("address1", sa.Text(), nullable=True),
        sa.Column("address2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone2", sa.Text(), nullable=True),
        sa.Column("fax", sa.Text(), nullable=True),
        sa.Column("web_site_url", sa.Text(), nullable=True),
        sa.Column("custom_dropdown1", sa.Text(), nullable=True),
        sa.Column("custom_dropdown2", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(address1) <= 250", name=op.f("ck_companies_address1_length")),
        sa.CheckConstraint("length(address2) <= 250", name=op.f("ck_companies_address2_length")),
        sa.CheckConstraint("length(city) <= 80", name=op.f("ck_companies_city_length")),
        sa.CheckConstraint("length(country) <= 80", name=op.f("ck_companies_country_length")),
        sa.CheckConstraint("length(custom_dropdown1) <= 200", name=op.f("ck_companies_custom_dropdown1_length")),
        sa.CheckConstraint("length(custom_dropdown2) <= 200", name=op.f("ck_companies_custom_dropdown2_length")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_companies_description_length")),
        sa.CheckConstraint("length(email) <= 256", name=op.f("ck_companies_email_length")),
        sa.CheckConstraint("length(external_id) <= 50", name=op.f("ck_companies_external_id_length")),
        sa.CheckConstraint("length(fax) <= 50", name=op.f("ck_companies_fax_length")),
        sa.CheckConstraint("length(name) <= 150", name=op.f("ck_companies_name_length")),
        sa.CheckConstraint("length(phone) <= 50", name=op.f("ck_companies_phone_length")),
        sa.CheckConstraint("length(phone2) <= 50", name=op.f("ck_companies_phone2_length")),
        sa.CheckConstraint("length(state) <= 50", name=op.f("ck_companies_state_length")),
        sa.CheckConstraint("length(theme) <= 255", name=op.f("ck_companies_theme_length")),
        sa.CheckConstraint("length(web_site_url) <= 200", name=op.f("ck_companies_web_site_url_length")),
        sa.CheckConstraint("length(zip) <= 20", name=op.f("ck_companies_zip_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_companies_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("external_id", "organization_id", name=op.f("uq_companies_external_id_organization_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("html_description", sa.Text(), nullable=True),
        sa.Column("available_instructor_led", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("available_self_paced", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("content_provider_id", sa.Integer(), nullable=True),
        sa.Column("content_provider_name", sa.Text(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("duration BETWEEN 0 AND 2147483647", name=op.f("ck_courses_duration_range")),
        sa.CheckConstraint("length(content_provider_name) <= 255", name=op.f("ck_courses_content_provider_name_length")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_courses_description_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_courses_external_id_length")),
        sa.CheckConstraint("length(html_description) <= 65536", name=op.f("ck_courses_html_description_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_courses_name_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_courses_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("external_id", "organization_id", name=op.f("uq_courses_external_id_organization_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_courses_name_folded_id"), "courses", ["name_folded", "id"], unique=False)
    op.create_table(
        "organization_preferences",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) <= 64", name=op.f("ck_organization_preferences_name_length")),
        sa.CheckConstraint("length(value) <= 255", name=op.f("ck_organization_preferences_value_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_organization_preferences_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_organization_preferences")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("user_name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone2", sa.Text(), nullable=True),
        sa.Column("address1", sa.Text(), nullable=True),
        sa.Column("address2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("country_code", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("profile_image_url", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("time_zone_iana", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("force_password_change", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(address1) <= 250", name=op.f("ck_users_address1_length")),
        sa.CheckConstraint("length(address2) <= 250", name=op.f("ck_users_address2_length")),
        sa.CheckConstraint("length(city) <= 80", name=op.f("ck_users_city_length")),
        sa.CheckConstraint("length(country) <= 80", name=op.f("ck_users_country_length")),
        sa.CheckConstraint("length(country_code) <= 2", name=op.f("ck_users_country_code_length")),
        sa.CheckConstraint("length(email) <= 256", name=op.f("ck_users_email_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_users_external_id_length")),
        sa.CheckConstraint("length(first_name) <= 255", name=op.f("ck_users_first_name_length")),
        sa.CheckConstraint("length(last_name) <= 255", name=op.f("ck_users_last_name_length")),
        sa.CheckConstraint("length(middle_name) <= 255", name=op.f("ck_users_middle_name_length")),
        sa.CheckConstraint("length(phone) <= 50", name=op.f("ck_users_phone_length")),
        sa.CheckConstraint("length(phone2) <= 50", name=op.f("ck_users_phone2_length")),
        sa.CheckConstraint("length(profile_image_url) <= 2048", name=op.f("ck_users_profile_image_url_length")),
        sa.CheckConstraint("length(state) <= 50", name=op.f("ck_users_state_length")),
        sa.CheckConstraint("length(time_zone) <= 100", name=op.f("ck_users_time_zone_length")),
        sa.CheckConstraint("length(title) <= 255", name=op.f("ck_users_title_length")),
        sa.CheckConstraint("length(user_name) <= 255", name=op.f("ck_users_user_name_length")),
        sa.CheckConstraint("length(zip) <= 20", name=op.f("ck_users_zip_length")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_users_company_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["users.id"], name=op.f("fk_users_manager_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_users_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_folded", name=op.f("uq_users_email_folded")),
        sa.UniqueConstraint("external_id", "organization_id", name=op.f("uq_users_external_id_organization_id")),
        sa.UniqueConstraint("user_name_folded", name=op.f("uq_users_user_name_folded")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_users_company_id"), "users", ["company_id"], unique=False)
    op.create_index(op.f("ix_users_manager_id"), "users", ["manager_id"], unique=False)
    op.create_table(
        "classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("html_description", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("time_zone_iana", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("primary_instructor_id", sa.Integer(), nullable=True),
        sa.Column("primary_classroom_id", sa.Integer(), nullable=True),
        sa.Column("virtual_meeting_host_id", sa.Integer(), nullable=True),
        sa.Column("custom_virtual_classroom_url", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("allow_self_enrollment", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("disable_labs", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("student_survey_availability_start_type_id", sa.Integer(), nullable=True),
        sa.Column("survey_availability_start_hours", sa.Integer(), nullable=True),
        sa.Column("survey_availability_end_days", sa.Integer(), nullable=True),
        sa.Column("instructor_survey_id", sa.Integer(), nullable=True),
        sa.Column("organization_survey_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("delivery IN (1, 2, 3)", name=op.f("ck_classes_delivery_choice")),
        sa.CheckConstraint("length(custom_virtual_classroom_url) <= 2048", name=op.f("ck_classes_custom_virtual_classroom_url_length")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_classes_description_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_classes_external_id_length")),
        sa.CheckConstraint("length(html_description) <= 65536", name=op.f("ck_classes_html_description_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_classes_name_length")),
        sa.CheckConstraint("length(time_zone) <= 100", name=op.f("ck_classes_time_zone_length")),
        sa.CheckConstraint("maximum BETWEEN 0 AND 2147483647", name=op.f("ck_classes_maximum_range")),
        sa.CheckConstraint("minimum BETWEEN 0 AND 2147483647", name=op.f("ck_classes_minimum_range")),
        sa.CheckConstraint("status IN (0, 1, 2, 3, 4, 5, 6, 7)", name=op.f("ck_classes_status_choice")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_classes_company_id")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_classes_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_classes_organization_id")),
        sa.ForeignKeyConstraint(["primary_classroom_id"], ["classrooms.id"], name=op.f("fk_classes_primary_classroom_id")),
        sa.ForeignKeyConstraint(["primary_instructor_id"], ["users.id"], name=op.f("fk_classes_primary_instructor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
        sa.UniqueConstraint("external_id", "organization_id", name=op.f("uq_classes_external_id_organization_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_classes_course_id"), "classes", ["course_id"], unique=False)
    op.create_index(op.f("ix_classes_name_folded_id"), "classes", ["name_folded", "id"], unique=False)
    op.create_index(op.f("ix_classes_starts_at_id"), "classes", ["starts_at", "id"], unique=False)
    op.create_table(
        "managed_organizations",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_managed_organizations_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_managed_organizations_user_id")),
        sa.PrimaryKeyConstraint("user_id", "organization_id", name=op.f("pk_managed_organizations")),
    )
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "class_classrooms",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_classrooms_class_id")),
        sa.ForeignKeyConstraint(["classroom_id"], ["classrooms.id"], name=op.f("fk_class_classrooms_classroom_id")),
        sa.PrimaryKeyConstraint("class_id", "classroom_id", name=op.f("pk_class_classrooms")),
    )
    op.create_index(op.f("ix_class_classrooms_classroom_id"), "class_classrooms", ["classroom_id"], unique=False)
    op.create_table(
        "class_instructors",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_instructors_class_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_class_instructors_user_id")),
        sa.PrimaryKeyConstraint("class_id", "user_id", name=op.f("pk_class_instructors")),
    )
    op.create_index(op.f("ix_class_instructors_user_id"), "class_instructors", ["user_id"], unique=False)
    op.create_table(
        "class_organizations",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_organizations_class_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_class_organizations_organization_id")),
        sa.PrimaryKeyConstraint("class_id", "organization_id", name=op.f("pk_class_organizations")),
    )
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("completion", sa.Integer(), nullable=False),
        sa.Column("late_cancel", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("retake", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("location", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=True),
        sa.Column("hours_spent", sa.Integer(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("completion IN (0, 10, 20, 30, 40, 50)", name=op.f("ck_enrollments_completion_choice")),
        sa.CheckConstraint("grade BETWEEN 0 AND 2147483647", name=op.f("ck_enrollments_grade_range")),
        sa.CheckConstraint("hours_spent BETWEEN 0 AND 2147483647", name=op.f("ck_enrollments_hours_spent_range")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_enrollments_external_id_length")),
        sa.CheckConstraint("location IN (0, 10, 20, 30)", name=op.f("ck_enrollments_location_choice")),
        sa.CheckConstraint("status IN (0, 10, 20, 30, 40, 50, 60)", name=op.f("ck_enrollments_status_choice")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_enrollments_class_id")),
        sa.ForeignKeyConstraint(["classroom_id"], ["classrooms.id"], name=op.f("fk_enrollments_classroom_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_enrollments_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_enrollments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("user_id", "class_id", name=op.f("uq_enrollments_user_id_class_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_enrollments_class_id_status_classroom_id"), "enrollments", ["class_id", "status", "classroom_id"], unique=False
    )
    op.create_index(
        "ix_enrollments_remote_classroom_id",
        "enrollments",
        ["classroom_id", "class_id"],
        unique=False,
        sqlite_where=sa.text("location = 20"),
        postgresql_where=sa.text("location = 20"),
    )
    op.create_index(op.f("ix_enrollments_created_at_id"), "enrollments", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_enrollments_external_id",
        "enrollments",
        ["external_id"],
        unique=False,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_enrollments_organization_id"), "enrollments", ["organization_id"], unique=False)
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ends_at BETWEEN 0 AND 253402300799", name=op.f("ck_meetings_ends_at_range")),
        sa.CheckConstraint("starts_at BETWEEN 0 AND 253402300799", name=op.f("ck_meetings_starts_at_range")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_meetings_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("class_id", "starts_at", name=op.f("uq_meetings_class_id_starts_at")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_attendance_enrollment_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_attendance_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "enrollment_id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_enrollment_id"), "attendance", ["enrollment_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_attendance_enrollment_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_enrollments_organization_id"), table_name="enrollments")
    op.drop_index(
        "ix_enrollments_external_id",
        table_name="enrollments",
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.drop_index("ix_enrollments_remote_classroom_id", table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_created_at_id"), table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_class_id_status_classroom_id"), table_name="enrollments")
    op.drop_table("enrollments")
    op.drop_table("class_organizations")
    op.drop_index(op.f("ix_class_instructors_user_id"), table_name="class_instructors")
    op.drop_table("class_instructors")
    op.drop_index(op.f("ix_class_classrooms_classroom_id"), table_name="class_classrooms")
    op.drop_table("class_classrooms")
    op.drop_table("user_roles")
    op.drop_table("managed_organizations")
    op.drop_index(op.f("ix_classes_starts_at_id"), table_name="classes")
    op.drop_index(op.f("ix_classes_name_folded_id"), table_name="classes")
    op.drop_index(op.f("ix_classes_course_id"), table_name="classes")
    op.drop_table("classes")
    op.drop_index(op.f("ix_users_manager_id"), table_name="users")
    op.drop_index(op.f("ix_users_company_id"), table_name="users")
    op.drop_table("users")
    op.drop_table("organization_preferences")
    op.drop_index(op.f("ix_courses_name_folded_id"), table_name="courses")
    op.drop_table("courses")
    op.drop_table("companies")
    op.drop_index(op.f("ix_classrooms_name_folded_id"), table_name="classrooms")
    op.drop_table("classrooms")
    op.drop_index(op.f("ix_api_keys_organization_id"), table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_table("organizations")
    op.drop_table("history")
