"""What frontends are written against. To rename or drop a thing here, write down why in docs/decisions first."""

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
)

from tests.sdl import APPSYNC_PRELUDE, committed

CONTRACT = """
enum JobStatus { PENDING PROCESSING COMPLETED FAILED CANCELED }
enum JobKind { GENERATE EDIT CAMERA_SYNC TEXTURE_TRANSFER UPSCALE REMOVE_BACKGROUND VARIATION }
enum ImageSize { ONE_K TWO_K FOUR_K }
enum AspectRatio {
  SQUARE PORTRAIT_3_4 LANDSCAPE_4_3 PORTRAIT_9_16 LANDSCAPE_16_9 PORTRAIT_2_3 LANDSCAPE_3_2 PORTRAIT_4_5 LANDSCAPE_5_4
  PORTRAIT_9_21 LANDSCAPE_21_9 PORTRAIT_1_4 LANDSCAPE_4_1 PORTRAIT_1_8 LANDSCAPE_8_1
}
enum JobErrorCode {
  PROVIDER_UNAVAILABLE PROVIDER_REJECTED SAFETY_BLOCKED RECITATION MODEL_REFUSED TIMED_OUT INVALID_IMAGE MODEL_RETIRED
  INTERNAL
}
enum EditMode { INPAINT_INSERT INPAINT_REMOVE OUTPAINT BACKGROUND_SWAP }
enum ImageFormat { PNG JPEG WEBP }
enum Provenance { CREDENTIAL_VALID MARK_FOUND KNOWN_PICTURE UNKNOWN }
enum UploadPurpose { REFERENCE MASK TEXTURE ALBUM COLLAGE AVATAR }
enum AlbumStatus { UPLOADING READY PROCESSING COMPLETED FAILED }
enum CollageStatus { DRAFT PROCESSING COMPLETED FAILED }
enum CollageTemplate { GRID_2X2 GRID_3X3 STRIP_4 POLAROID MOSAIC }
enum AlbumLayout { ONE_A_PAGE TWO_A_PAGE MIXED }
enum PdfProduct { SCREEN PRINT }
enum ModelState { AVAILABLE ADMIN_ONLY UNAVAILABLE RETIRED }
enum Role { USER ADMIN }
enum Language { EN VI }
enum PaymentStatus { PENDING PAID FAILED EXPIRED REFUNDED REVIEW }
enum PaymentProvider { VNPAY STRIPE }
enum Currency { USD VND SGD }
enum OrderStatus { PENDING PROCESSING COMPLETED FAILED CANCELED }
enum OrderStepKind { PAID RENDERED DELIVERED SUBMITTED IN_PRODUCTION SHIPPED }
enum OrderAction { PAY CANCEL CHANGE_ADDRESS }
enum OrderItemKind { ALBUM_PDF ALBUM_PRINT COLLAGE_FILE COLLAGE_PRINT }
enum PointsReason { SIGN_UP CHARGE REFUND PURCHASE GRANT CLAWBACK }

type Image { url: AWSURL! contentType: String! width: Int! height: Int! byteSize: Int! expiresAt: AWSDateTime! }
type ImageSet { original: Image! large: Image medium: Image thumbnail: Image }
type Charge {
  points: Int! freeImages: Int! refundedPoints: Int! refundedFreeImages: Int! refundedAt: AWSDateTime
}
type JobEvent { version: Int! status: JobStatus! at: AWSDateTime! note: String }
type Job {
  id: ID! owner: ID! kind: JobKind! model: String! prompt: String status: JobStatus! version: Int! progress: Int
  errorCode: JobErrorCode errorMessage: String charge: Charge! image: ImageSet requestId: ID! link: BoardLink
  shared: Boolean! createdAt: AWSDateTime! updatedAt: AWSDateTime! history: [JobEvent!]!
  index: Int! input: JobInput! startedAt: AWSDateTime endedAt: AWSDateTime expiresAt: AWSDateTime!
  favorite: Boolean! tags: [String!]!
}
type JobInput {
  size: ImageSize aspectRatio: AspectRatio seed: Int negativePrompt: String references: [ID!]! image: ID mask: ID
  texture: ID mode: EditMode outpaint: Outpaint camera: Camera
}
type Outpaint { left: Int! top: Int! right: Int! bottom: Int! }
type Camera { yaw: Float! pitch: Float! zoom: Float! }
type JobView {
  id: ID! status: JobStatus! version: Int! progress: Int errorCode: JobErrorCode errorMessage: String
  image: ImageSet updatedAt: AWSDateTime!
}
type JobConnection { items: [Job!]! nextToken: String }
type BoardLink { projectId: ID boardId: ID workflowId: ID }
type Download { url: AWSURL! expiresAt: AWSDateTime! }
type Model {
  id: String! title: String! provider: String! kinds: [JobKind!]! sizes: [ImageSize!]! points: Int!
  freePerDay: Int! state: ModelState! retiresOn: AWSDate description: String editModes: [EditMode!]!
  aspectRatios: [AspectRatio!]! maxReferences: Int! supportsSeed: Boolean! supportsNegativePrompt: Boolean!
  typicalSeconds: Int
}
type Quote { points: Int! freeImages: Int! affordable: Boolean! balanceAfter: Int! }
type FormField { name: String! value: String! }
type Upload { id: ID! url: AWSURL! fields: [FormField!]! key: String! expiresAt: AWSDateTime! maxBytes: Int! }
type JobDeleted { id: ID! owner: ID! }
type ShutOut { owner: ID! }
type UploadState {
  id: ID! owner: ID! ready: Boolean! rejected: String rejectedCode: UploadRejection deleted: Boolean! image: ImageSet
  purpose: UploadPurpose! createdAt: AWSDateTime! expiresAt: AWSDateTime!
}
enum UploadRejection {
  NOT_AN_IMAGE TYPE_NOT_SUPPORTED TOO_MANY_PIXELS TOO_EXPENSIVE DAMAGED ANIMATED TOO_LARGE
}
type ImageVerdict { provenance: Provenance! madeAt: AWSDateTime model: String }
type UploadConnection { items: [UploadState!]! nextToken: String }
type User {
  id: ID! version: Int! email: AWSEmail! name: String language: Language! avatar: ImageSet role: Role! points: Int!
  disabled: Boolean! createdAt: AWSDateTime!
}
type UserConnection { items: [User!]! nextToken: String }
type Usage { day: AWSDate! images: Int! freeImages: Int! points: Int! byModel: [ModelUsage!]! }
type ModelUsage { model: String! images: Int! points: Int! freeImages: Int! freeLeft: Int! }
type PointsEntry {
  id: ID! points: Int! balance: Int! reason: PointsReason! jobId: ID paymentId: ID note: String at: AWSDateTime!
}
type OrderItem { kind: OrderItemKind! albumId: ID collageId: ID quantity: Int! unitPrice: Money! }
type OrderStep { kind: OrderStepKind! at: AWSDateTime! note: String }
type Parcel { carrier: String trackingNumber: String trackingUrl: AWSURL shippedAt: AWSDateTime! }
type Address {
  name: String! line1: String! line2: String city: String! region: String postalCode: String countryCode: String!
  phone: AWSPhone
}
type OrderWarning { albumId: ID collageId: ID page: Int dpi: Int message: String! }
type OrderQuote {
  id: ID! items: [OrderItem!]! shipping: Money! totalPrice: Money! validUntil: AWSDateTime! warnings: [OrderWarning!]!
}
type OrderConnection { items: [Order!]! nextToken: String }
type Order {
  id: ID! customer: ID! status: OrderStatus! items: [OrderItem!]! shipping: Money! totalPrice: Money! address: Address
  steps: [OrderStep!]! parcels: [Parcel!]! actions: [OrderAction!]! downloads: [Download!]! errorMessage: String
  version: Int! expiresAt: AWSTimestamp createdAt: AWSDateTime! updatedAt: AWSDateTime!
}
input AddressInput {
  name: String! line1: String! line2: String city: String! region: String postalCode: String countryCode: String!
  phone: AWSPhone
}
input OrderItemInput { kind: OrderItemKind! albumId: ID collageId: ID quantity: Int! }
input OrderQuoteInput { items: [OrderItemInput!]! currency: Currency! countryCode: String }
input CreateOrderInput {
  clientRequestId: ID! items: [OrderItemInput!]! currency: Currency! quoteId: ID address: AddressInput
}
type Money { minor: Int! currency: Currency! }
type PointPackage { id: ID! points: Int! prices: [Money!]! }
type Payment {
  id: ID! owner: ID! provider: PaymentProvider! status: PaymentStatus! packageId: ID orderId: ID points: Int!
  amount: Money! payUrl: AWSURL createdAt: AWSDateTime! updatedAt: AWSDateTime! paidAt: AWSDateTime
}
type PaymentConnection { items: [Payment!]! nextToken: String }
type ExchangeRate { base: Currency! quote: Currency! rate: Float! asOf: AWSDateTime! }
type PointsEntryConnection { items: [PointsEntry!]! nextToken: String }

input BoardLinkInput { projectId: ID boardId: ID workflowId: ID }
input JobFilter {
  status: JobStatus statuses: [JobStatus!] kind: JobKind kinds: [JobKind!] model: String requestId: ID ids: [ID!]
  boardId: ID createdAfter: AWSDateTime updatedSince: AWSDateTime text: String favorite: Boolean tag: String
}
input GenerateImagesInput {
  clientRequestId: ID! model: String! prompt: String! negativePrompt: String count: Int size: ImageSize
  aspectRatio: AspectRatio seed: Int references: [ID!] link: BoardLinkInput waitSeconds: Int
}
input EditImageInput {
  clientRequestId: ID! model: String! image: ID! mask: ID prompt: String mode: EditMode! link: BoardLinkInput
  outpaint: OutpaintInput
}
input OutpaintInput { left: Int top: Int right: Int bottom: Int }
input SyncCameraInput {
  clientRequestId: ID! model: String! image: ID! yaw: Float! pitch: Float! zoom: Float prompt: String
  link: BoardLinkInput
}
input TransformImageInput { clientRequestId: ID! model: String! image: ID! prompt: String link: BoardLinkInput }
input TransferTextureInput {
  clientRequestId: ID! model: String! image: ID! texture: ID! prompt: String mask: ID link: BoardLinkInput
}
input CreateUploadInput {
  fileName: String! contentType: String! byteSize: Int! purpose: UploadPurpose! albumId: ID collageId: ID
  link: BoardLinkInput
}
input QuoteInput { model: String! kind: JobKind! size: ImageSize count: Int }
input CreatePaymentInput {
  clientRequestId: ID! packageId: ID orderId: ID provider: PaymentProvider! currency: Currency! returnUrl: AWSURL
}
input UpdateMeInput { name: String language: Language avatar: ID }
input GrantPointsInput { clientRequestId: ID! userId: ID! points: Int! note: String! }

type Photo { id: ID! image: ImageSet caption: String focalX: Float! focalY: Float! }
input PhotoInput { id: ID! caption: String focalX: Float focalY: Float }
type Album {
  id: ID! customer: ID! name: String! description: String layout: AlbumLayout! status: AlbumStatus! imageCount: Int!
  photos: [Photo!]! pdf: Download createdAt: AWSDateTime! updatedAt: AWSDateTime!
}
type AlbumConnection { items: [Album!]! nextToken: String }
input AlbumInput { name: String! description: String layout: AlbumLayout photos: [PhotoInput!] }
type Collage {
  id: ID! customer: ID! name: String! template: CollageTemplate! status: CollageStatus! sources: [ID!]!
  photos: [Photo!]! caption: String preview: Image output: ImageSet createdAt: AWSDateTime! updatedAt: AWSDateTime!
}
type CollageConnection { items: [Collage!]! nextToken: String }
input CollageInput {
  name: String! template: CollageTemplate! sources: [ID!] photos: [PhotoInput!] caption: String background: String
}

type Query {
  models: [Model!]!
  moreLike(jobId: ID!): [JobInput!]!
  quote(input: QuoteInput!): Quote!
  job(id: ID!): Job
  jobs(filter: JobFilter, limit: Int, nextToken: String): JobConnection!
  jobStatus(id: ID!): JobView
  verifyImage(uploadId: ID!): ImageVerdict!
  download(jobId: ID!, format: ImageFormat, attachment: Boolean, label: Boolean): Download!
  upload(id: ID!): UploadState
  uploads(purpose: UploadPurpose, limit: Int, nextToken: String): UploadConnection!
  album(id: ID!): Album
  albums(limit: Int, nextToken: String): AlbumConnection!
  collage(id: ID!): Collage
  collages(limit: Int, nextToken: String): CollageConnection!
  me: User!
  usage(day: AWSDate): Usage!
  pointsHistory(limit: Int, nextToken: String): PointsEntryConnection!
  user(id: ID, email: AWSEmail): User
  users(text: String, role: Role, disabled: Boolean, limit: Int, nextToken: String): UserConnection!
  jobsByStatus(status: JobStatus!, limit: Int, nextToken: String): JobConnection!
  pointPackages: [PointPackage!]!
  priceList(currency: Currency!): [OrderItem!]!
  quoteOrder(input: OrderQuoteInput!): OrderQuote!
  order(id: ID!): Order
  orders(status: OrderStatus, limit: Int, nextToken: String): OrderConnection!
  ordersByStatus(status: OrderStatus!, limit: Int, nextToken: String): OrderConnection!
  exchangeRate(base: Currency!, quote: Currency!): ExchangeRate!
  payment(id: ID!): Payment
  payments(status: PaymentStatus, limit: Int, nextToken: String): PaymentConnection!
}
type Mutation {
  generateImages(input: GenerateImagesInput!): [Job!]!
  editImage(input: EditImageInput!): Job!
  syncCamera(input: SyncCameraInput!): Job!
  transferTexture(input: TransferTextureInput!): Job!
  upscaleImage(input: TransformImageInput!): Job!
  removeBackground(input: TransformImageInput!): Job!
  varyImage(input: TransformImageInput!): Job!
  createUpload(input: CreateUploadInput!): Upload!
  deleteUpload(id: ID!): ID
  cancelJob(id: ID!): Job
  cancelRequest(requestId: ID!): [Job!]!
  retryJob(id: ID!, clientRequestId: ID!): Job
  deleteJob(id: ID!): ID
  deleteJobs(ids: [ID!]!): [ID!]!
  setJobSharing(id: ID!, shared: Boolean!): Job
  updateJob(id: ID!, favorite: Boolean, tags: [String!]): Job
  createAlbum(input: AlbumInput!): Album!
  updateAlbum(id: ID!, input: AlbumInput!): Album
  deleteAlbum(id: ID!): ID
  createCollage(input: CollageInput!): Collage!
  updateCollage(id: ID!, input: CollageInput!): Collage
  deleteCollage(id: ID!): ID
  renderCollage(id: ID!): Collage
  renderAlbum(id: ID!, product: PdfProduct!): Album
  updateMe(input: UpdateMeInput!): User!
  deleteMe: ID!
  setRole(userId: ID!, role: Role!): User!
  setDisabled(userId: ID!, disabled: Boolean!): User!
  grantPoints(input: GrantPointsInput!): User!
  setExchangeRate(base: Currency!, quote: Currency!, rate: Float!): ExchangeRate!
  createOrder(input: CreateOrderInput!): Order!
  createPayment(input: CreatePaymentInput!): Payment!
  cancelPayment(id: ID!): Payment
  cancelOrder(id: ID!): Order
  processOrder(id: ID!): Order
  updateOrderStatus(id: ID!, status: OrderStatus!, errorMessage: String): Order
  publishJob(job: AWSJSON!): Job
  publishJobDeleted(job: AWSJSON!): JobDeleted
  publishShutOut(person: AWSJSON!): ShutOut
  publishUser(user: AWSJSON!): User
  publishUpload(upload: AWSJSON!): UploadState
  publishPayment(payment: AWSJSON!): Payment
  publishOrder(order: AWSJSON!): Order
}
type Subscription {
  onJob(owner: ID!, id: ID): Job
  onPayment(owner: ID!): Payment
  onMe(owner: ID!): User
  onUpload(owner: ID!): UploadState
  onJobDeleted(owner: ID!): JobDeleted
  onAlbum(customer: ID!): Album
  onCollage(customer: ID!): Collage
  onOrder(customer: ID!): Order
}
"""

EXPECTED = build_schema(APPSYNC_PRELUDE + CONTRACT).type_map
ACTUAL = committed().type_map


def parts(type_: GraphQLNamedType) -> dict[str, str]:
    """Return each member of a type with its type and, for a field, its arguments."""
    if isinstance(type_, GraphQLEnumType):
        return dict.fromkeys(type_.values, "")
    if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
        return {name: signature(field) for name, field in type_.fields.items()}
    return {}


def signature(field: GraphQLField | GraphQLInputField | GraphQLArgument) -> str:
    arguments = field.args if isinstance(field, GraphQLField) else {}
    inside = ", ".join(f"{name}: {signature(argument)}" for name, argument in arguments.items())
    return f"({inside}): {field.type}" if inside else str(field.type)


@pytest.mark.parametrize("name", [name for name in EXPECTED if not name.startswith("__")])
def test_every_part_of_the_contract_is_there(name: str) -> None:
    assert name in ACTUAL
    assert type(ACTUAL[name]) is type(EXPECTED[name])
    assert parts(ACTUAL[name]).items() >= parts(EXPECTED[name]).items()


def test_every_enum_says_its_values_in_the_contracts_order() -> None:
    enums = [name for name, type_ in EXPECTED.items() if isinstance(type_, GraphQLEnumType)]
    assert {name: [*parts(ACTUAL[name])] for name in enums} == {name: [*parts(EXPECTED[name])] for name in enums}


def test_no_input_asks_for_more_than_the_contract() -> None:
    """A new required input field breaks every client there is."""
    inputs = [name for name, type_ in EXPECTED.items() if isinstance(type_, GraphQLInputObjectType)]
    extra = {name: parts(ACTUAL[name]).items() - parts(EXPECTED[name]).items() for name in inputs}
    assert not [part for members in extra.values() for part in members if part[1].endswith("!")]
